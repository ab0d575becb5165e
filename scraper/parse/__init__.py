"""From the tree of an article page to a record: a pure function, no network, no clock.

`metadata` reads what is said about the release, `components` recognises pictures and quotation
blocks by their shape, `images` makes one record of all renditions and captions of a picture,
`body` reads the running text, and `article` puts them together.

`from scraper import parse` means a function to users, and gives this package, which can be called.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

from scraper.parse.article import parse_article
from scraper.parse.json_answer import is_json, parse_json
from scraper.parse.listed import holds_text, parse_listed

__all__ = ["holds_text", "is_json", "parse_article", "parse_json", "parse_listed"]


class _Callable(ModuleType):
    """This package, when it is called as the public function of the same name."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return import_module("scraper.public.parsing").parse(*args, **kwargs)


sys.modules[__name__].__class__ = _Callable
