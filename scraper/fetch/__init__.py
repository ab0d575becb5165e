"""Getting pages: politely, within limits, and only from the site itself.

`client` drives one exchange after another, `robots` says what may be asked for, `throttle` when,
`retry` how often, `body` reads no more than it should, `network` keeps out of private networks.
This is the only package that knows httpx.
"""

from scraper.fetch.client import Client, Response, user_agent
from scraper.fetch.retry import Retry, TransientError
from scraper.fetch.throttle import Throttle

__all__ = ["Client", "Response", "Retry", "Throttle", "TransientError", "user_agent"]
