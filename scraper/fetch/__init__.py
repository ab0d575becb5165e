"""Getting pages: politely, within limits, and only from the site itself.

`client` drives one exchange after another, `robots` says what may be asked for, `throttle` when,
`retry` how often, `body` reads no more than it should, `network` keeps out of private networks,
`identity` says who is asking. This is the only package that knows httpx.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scraper.fetch.client import Client, Response
    from scraper.fetch.identity import DEFAULT_CONTACT, user_agent
    from scraper.fetch.retry import Retry, TransientError
    from scraper.fetch.throttle import Throttle

__all__ = [
    "DEFAULT_CONTACT",
    "Client",
    "Response",
    "Retry",
    "Throttle",
    "TransientError",
    "user_agent",
]

_MODULES = {
    "client": ("Client", "Response"),
    "identity": ("DEFAULT_CONTACT", "user_agent"),
    "retry": ("Retry", "TransientError"),
    "throttle": ("Throttle",),
}


def __getattr__(name: str) -> Any:
    """Import a name when it is first used: the command line needs no httpx to show its help."""
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
