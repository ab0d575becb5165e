"""Dates as the site prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, time

MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)
WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")


def printed_day(day: date) -> str:
    """A date as the site prints it: `Mo 7. Juli 2025`."""
    return f"{WEEKDAYS[day.weekday()][:2]} {day.day}. {MONTHS[day.month - 1]} {day.year}"


def printed(day: date, clock: time | None) -> str:
    """Date and, if known, time of day: `Mo 7. Juli 2025 12:52 Uhr`."""
    return printed_day(day) if clock is None else f"{printed_day(day)} {clock:%H:%M} Uhr"
