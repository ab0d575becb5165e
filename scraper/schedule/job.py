"""The crawl that a scheduler runs."""

from __future__ import annotations

import hashlib
import os
import socket
import sys
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path

from scraper.archive.followed import followed_in, registry_in
from scraper.errors import UsageError
from scraper.fetch.identity import user_agent
from scraper.schedule.programs import run_program
from scraper.sites import DEFAULT_SITE

ALL = "all"
"""In place of a key: every newsroom that the archive follows."""


@dataclass(frozen=True, slots=True)
class Job:
    """A crawl of one site, or of all newsrooms that an archive follows, into one directory."""

    directory: Path
    """Absolute; what `--data` named."""
    site: str
    """Key of the site; `ALL` for all newsrooms."""
    contact: str | None = None
    """URL or e-mail address for the city; None leaves the crawl's own."""
    interpreter: str = sys.executable
    site_file: str | None = None
    """Path of the site's file, if it was named by that."""
    options: tuple[str, ...] = ()
    """More options of the crawl, such as `--images`."""
    followed: tuple[str, ...] = ()
    """Of a job for all: keys of the newsrooms that it means now."""

    @classmethod
    def checked(
        cls,
        directory: Path,
        site: str | None,
        contact: str | None = None,
        options: tuple[str, ...] = (),
    ) -> Job:
        """The job of an archive, however its directory was spelt.

        Args:
            directory: of the archive.
            site: key of a newsroom, or path of its file; None means all that the archive follows.
            contact: see `Job`.
            options: see `Job`.

        Raises:
            UsageError: no such site, a contact or a path that no command line can carry.
        """
        if contact is not None:
            user_agent(contact)
        absolute = Path(os.path.abspath(directory))  # noqa: PTH100 - resolves "..", keeps links
        if site is None:
            keys = followed_in(absolute) or (DEFAULT_SITE,)
            job = cls(absolute, ALL, contact or None, followed=keys, options=options)
        else:
            found = registry_in(Path(directory)).get(site)
            path = os.path.abspath(site) if site.endswith(".toml") else None  # noqa: PTH100
            job = cls(absolute, found.key, contact or None, site_file=path, options=options)
        check_words(job.arguments)
        return job

    @property
    def name(self) -> str:
        """What is crawled, for people."""
        if self.site != ALL:
            return self.site
        return self.followed[0] if len(self.followed) == 1 else "all newsrooms"

    @property
    def related(self) -> tuple[Job, ...]:
        """Other jobs of the archive that crawl what this one does: for all, or for one alone."""
        keys = self.followed if self.site == ALL else (ALL,)
        return tuple(replace(self, site=key, site_file=None, followed=()) for key in keys)

    @property
    def key(self) -> str:
        """Names the job among those of other sites and archives: `musterheim-1a2b3c4d`."""
        return f"{self.site}-{digest_of(self.directory)}"

    @property
    def offset(self) -> int:
        """A number that spreads archives and machines over the hour; the same at each install."""
        seed = f"{socket.gethostname()}\0{self.directory}\0{self.site}".encode()
        return int.from_bytes(hashlib.sha256(seed).digest()[:4])

    @property
    def arguments(self) -> list[str]:
        """The command, word by word."""
        words = [self.interpreter, "-P", "-m", "scraper", "--data", str(self.directory)]
        site = [] if self.site == ALL else ["--site", self.site_file or self.site]
        words += ["crawl", *site, "--quiet", *self.options]
        return words if self.contact is None else [*words, f"--contact={self.contact}"]


def digest_of(directory: Path) -> str:
    """What tells an archive from others on this machine: eight characters."""
    return hashlib.sha256(os.fsencode(directory)).hexdigest()[:8]


def check_words(words: list[str]) -> None:
    """Whether a command can stand in a crontab or a unit.

    Raises:
        UsageError: it cannot.
    """
    for word in words:
        if any(unicodedata.category(char) in {"Cc", "Cs"} for char in word):
            raise UsageError(
                f"{word!r} cannot be scheduled: it holds a line break, a control character or "
                "bytes that are no UTF-8. Rename the directory, or move the archive."
            )


def try_command(words: list[str]) -> None:
    """Try a command where the scheduler will: elsewhere, without this shell's settings.

    Args:
        words: an interpreter, then options of Python and ours; `--data` begins ours.

    Raises:
        UsageError: it would not find the program.
    """
    command = [*words[: words.index("--data")], "--version"]
    ended = run_program(command, directory=Path(words[0]).anchor, settings={"PYTHONPATH": None})
    if ended.returncode != 0:
        raise UsageError(
            f"{words[0]} does not find newsroom-archive when it is started outside of "
            f"this directory ({ended.complaint}), so what is scheduled would fail. Install it "
            "with `python -m pip install .` and try again."
        )
