"""Crawls at set times: a systemd timer of the user, or else a line in the crontab.

`every` reads `--every` and knows the times of day that follow from it, `job` is the command that
is run, `systemd` and `cron` each put it where their scheduler looks, `control` chooses between
them and tells how things stand.
"""

from scraper.schedule.control import BACKENDS, Status, install, remove, status
from scraper.schedule.every import Every, parse_every
from scraper.schedule.job import Job

__all__ = ["BACKENDS", "Every", "Job", "Status", "install", "parse_every", "remove", "status"]
