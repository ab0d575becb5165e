"""Getting pages: politely, within limits, and only from the site itself.

`client` drives one exchange after another, `robots` says what may be asked for, `throttle`, `turns`
and `pause` when, `retry` how often. Below them `exchange` sends a request and reads its answer,
`body` no more of it than it should, `head` mends odd headers; `transport` knows proxies and
certificates, and `network` keeps out of private networks. Only this package knows httpx.
"""

from scraper.fetch.client import Client, user_agent
from scraper.fetch.exchange import Response
from scraper.fetch.pause import HostPauses
from scraper.fetch.retry import Retry, TransientError
from scraper.fetch.throttle import Throttle
from scraper.fetch.turns import HostTurns

__all__ = [
    "Client",
    "HostPauses",
    "HostTurns",
    "Response",
    "Retry",
    "Throttle",
    "TransientError",
    "user_agent",
]
