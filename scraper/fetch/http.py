"""httpx, imported without its own command, which no fetch needs: it brings pygments and more."""

from scraper.hiding import hidden

with hidden("httpx._main"):
    import httpx

__all__ = ["httpx"]
