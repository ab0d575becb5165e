"""Datasets: rows of the archive as files that other programs read."""

from scraper.export.tables import TABLES, export_table

__all__ = ["TABLES", "export_table"]
