"""A Dask cluster of separate processes and an S3 server, both on loopback."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Lock, Thread

import fsspec
import pytest
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.lake.files import collection

_READY_SECONDS = "60s"


@pytest.fixture(scope="package")
def source(tmp_path_factory) -> Path:
    """A folder of four WARC files with five releases each, among other pages."""
    return collection(tmp_path_factory.mktemp("source"))


class Cluster:
    """`dask scheduler` and `dask worker`, as users start them."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._programs: list[subprocess.Popen[bytes]] = []
        file = directory / "scheduler.json"
        self._start("scheduler", "--port", "0", "--scheduler-file", str(file))
        self._file = str(file)
        self.address = ""

    def work(self, count: int) -> None:
        """Start worker processes and wait until they are there."""
        from distributed import Client

        self._start(
            "worker",
            *("--scheduler-file", self._file, "--nthreads", "1", "--nworkers", str(count)),
            *("--local-directory", str(self._directory), "--death-timeout", "60"),
        )
        client = Client(scheduler_file=self._file, timeout=_READY_SECONDS, set_as_default=False)
        client.wait_for_workers(count, timeout=_READY_SECONDS)
        self.address = client.scheduler.address
        client.close()

    def end(self) -> None:
        """End all programs; the scheduler first, as when its machine is lost."""
        for program in self._programs:
            program.kill()
        for program in self._programs:
            program.wait()

    def _start(self, what: str, *options: str) -> None:
        common = ("--host", "127.0.0.1", "--no-dashboard")
        with (self._directory / f"{what}.txt").open("ab") as log:
            self._programs.append(
                subprocess.Popen(
                    [sys.executable, "-m", "distributed.cli.dask_" + what, *common, *options],
                    stdout=log,
                    stderr=log,
                    cwd=Path(__file__).parents[2],
                    env={**os.environ, "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"},
                    start_new_session=True,
                )
            )


@pytest.fixture(scope="package")
def cluster(tmp_path_factory, s3) -> Iterator[Cluster]:
    """A scheduler and two workers."""
    found = Cluster(tmp_path_factory.mktemp("dask"))
    try:
        found.work(2)
        yield found
    finally:
        found.end()


class Troubled:
    """An S3 service of which every so many requests fail, as those of the large ones do."""

    def __init__(self) -> None:
        self._service = DomainDispatcherApplication(create_backend_app)
        self._lock = Lock()
        self._count = 0
        self.every = 0
        """Every so many requests; 0 for none."""
        self.failed = 0

    def __call__(self, environ, start_response):
        with self._lock:
            self._count += 1
            fails = self.every and self._count % self.every == 0
            self.failed += bool(fails)
        if fails:
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            start_response("503 Slow Down", [("Content-Length", "0")])
            return [b""]
        return self._service(environ, start_response)


@pytest.fixture(scope="package")
def service() -> Troubled:
    """What the S3 server runs."""
    return Troubled()


@pytest.fixture(scope="package")
def s3(worker_environment, service) -> Iterator[str]:
    """A bucket on an S3 server on loopback."""
    server = make_server("127.0.0.1", 0, service, threaded=True, request_handler=Silent)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        worker_environment.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        fsspec.filesystem("s3", skip_instance_cache=True).mkdir("bucket")
        yield "s3://bucket"
    finally:
        server.shutdown()
        server.server_close()


class Silent(WSGIRequestHandler):
    """Says nothing on standard error."""

    def log(self, kind: str, message: str, *args: object) -> None:
        return None


@pytest.fixture(scope="package")
def worker_environment() -> Iterator[pytest.MonkeyPatch]:
    """The environment that processes are started with: keys for a server of our own."""
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name.startswith("AWS_"):
                patch.delenv(name)
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        yield patch
