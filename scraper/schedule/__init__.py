"""Crawls at set times, by a systemd timer of the user or else the crontab; the web view, too.

`every` reads `--every` and knows the times of day that follow from it, `job` is the command that
is run, `systemd` and `cron` each put it where their scheduler looks, `control` chooses between
them and tells how things stand. `web_view` has systemd run `newsroom browse`.
"""

from scraper.schedule.control import BACKENDS, Status, install, remove, status
from scraper.schedule.every import Every, parse_every
from scraper.schedule.job import Job
from scraper.schedule.web_view import WebViewJob, install_web_view, remove_web_view

__all__ = [
    "BACKENDS",
    "Every",
    "Job",
    "Status",
    "WebViewJob",
    "install",
    "install_web_view",
    "parse_every",
    "remove",
    "remove_web_view",
    "status",
]
