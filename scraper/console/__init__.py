"""What people see: a run going by, figures, releases; all of it harmless to a terminal."""

from scraper.console.articles import print_article, print_history, print_hits, print_quotes
from scraper.console.base import print_error, print_json, print_note, print_table, say
from scraper.console.diagnosis import print_check, print_diagnosis
from scraper.console.imports import print_import, print_import_trouble
from scraper.console.progress import progress
from scraper.console.reports import (
    print_export,
    print_findings,
    print_reparse,
    print_statistics,
    print_summary,
    print_trouble,
)
from scraper.console.schedules import print_schedule

__all__ = [
    "print_article",
    "print_check",
    "print_diagnosis",
    "print_error",
    "print_export",
    "print_findings",
    "print_history",
    "print_hits",
    "print_import",
    "print_import_trouble",
    "print_json",
    "print_note",
    "print_quotes",
    "print_reparse",
    "print_schedule",
    "print_statistics",
    "print_summary",
    "print_table",
    "print_trouble",
    "progress",
    "say",
]
