"""Whether all is well: environment, directory, archive, schedule, and the site itself.

`environment`, `directory`, `archive`, `schedule` and `live` each look at one thing; `examine`
goes through them. Looking changes nothing: no file is written, no archive upgraded, no page stored.
"""

from scraper.doctor.check import Check, worst_code
from scraper.doctor.examine import Request, examine

__all__ = ["Check", "Request", "examine", "worst_code"]
