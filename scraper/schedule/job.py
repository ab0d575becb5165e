"""The crawl that a scheduler runs."""

from __future__ import annotations

import hashlib
import os
import socket
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from scraper.archive.followed import registry_in
from scraper.errors import UsageError
from scraper.fetch.identity import user_agent
from scraper.schedule.programs import run_program


@dataclass(frozen=True, slots=True)
class Job:
    """A crawl of one site into one directory."""

    directory: Path
    """Absolute; what `--data` named."""
    site: str
    """Key of the site."""
    contact: str | None = None
    """URL or e-mail address for the city; None leaves the crawl's own."""
    interpreter: str = sys.executable
    site_file: str | None = None
    """Path of the site's file, if it was named by that."""

    @classmethod
    def checked(cls, directory: Path, site: str, contact: str | None = None) -> Job:
        """The job of an archive, however its directory was spelt.

        Raises:
            UsageError: no such site, a contact or a path that no command line can carry.
        """
        found = registry_in(Path(directory)).get(site)
        if contact is not None:
            user_agent(contact)
        absolute = Path(os.path.abspath(directory))  # noqa: PTH100 - resolves "..", keeps links
        path = os.path.abspath(site) if site.endswith(".toml") else None  # noqa: PTH100
        job = cls(absolute, found.key, contact or None, site_file=path)
        for word in job.arguments:
            if any(unicodedata.category(char) in {"Cc", "Cs"} for char in word):
                raise UsageError(
                    f"{word!r} cannot be scheduled: it holds a line break, a control character or "
                    "bytes that are no UTF-8. Rename the directory, or move the archive."
                )
        return job

    @property
    def key(self) -> str:
        """Names the job among those of other sites and archives: `musterheim-1a2b3c4d`."""
        digest = hashlib.sha256(os.fsencode(self.directory)).hexdigest()
        return f"{self.site}-{digest[:8]}"

    @property
    def offset(self) -> int:
        """A number that spreads archives and machines over the hour; the same at each install."""
        seed = f"{socket.gethostname()}\0{self.directory}\0{self.site}".encode()
        return int.from_bytes(hashlib.sha256(seed).digest()[:4])

    @property
    def arguments(self) -> list[str]:
        """The command, word by word."""
        words = [self.interpreter, "-P", "-m", "scraper", "--data", str(self.directory)]
        words += ["crawl", "--site", self.site_file or self.site, "--quiet"]
        return words if self.contact is None else [*words, f"--contact={self.contact}"]

    def check_runs(self) -> None:
        """Try the command where the scheduler will: elsewhere, without this shell's settings.

        Raises:
            UsageError: it would not find the program.
        """
        command = [*self.arguments[: self.arguments.index("--data")], "--version"]
        ended = run_program(
            command, directory=Path(self.interpreter).anchor, settings={"PYTHONPATH": None}
        )
        if ended.returncode != 0:
            raise UsageError(
                f"{self.interpreter} does not find newsroom-archive when it is started outside of "
                f"this directory ({ended.complaint}), so a scheduled crawl would fail. Install it "
                "with `python -m pip install .` and try again."
            )
