"""The same work on a Dask cluster of separate processes, with files on an S3 server."""

import os
import shutil
import signal
from functools import partial
from pathlib import Path

import fsspec
import pytest

from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer
from scraper.errors import UsageError
from scraper.extract import cluster as clusters
from scraper.extract.reparse import read_revision, reparse
from scraper.extract.workers import Budget, BudgetExceeded
from scraper.importing import ImportRequest, run_import
from scraper.lake import places
from scraper.lake.plan import Task
from scraper.lake.reading import offsets_of
from tests.extract.test_workers import no_answer
from tests.importing.captures import NOW
from tests.lake.conftest import Cluster
from tests.lake.files import Deadly, collection, content, extraction
from tests.support.replica import crawl, dump, rows


@pytest.fixture
def workers(cluster):
    with clusters.workers(cluster.address, budget=Budget(seconds=60)) as found:
        yield found


@pytest.fixture(scope="module")
def whole(source, tmp_path_factory):
    """What the extraction on one machine writes."""
    target = tmp_path_factory.mktemp("lake") / "whole"
    extraction(source, target)
    return target


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    directory = tmp_path_factory.mktemp("archive")
    with ReplicaServer(Newsroom(12), navigation_bytes=200) as server:
        crawl(directory, server.base_url)
    return directory


def test_the_same_as_on_one_machine(source, whole, workers, tmp_path):
    report = extraction(source, tmp_path / "lake", workers)
    assert (report.pages, report.exit_code) == (20, 0)
    assert content(tmp_path / "lake") == content(whole)


def test_from_and_to_a_bucket_while_every_tenth_request_fails(source, workers, s3, service):
    for path in source.iterdir():
        places.write(f"{s3}/warc/{path.name}", path.read_bytes())
    service.every = 10
    try:
        report = extraction(f"{s3}/warc", f"{s3}/lake", workers)
        again = extraction(f"{s3}/warc", f"{s3}/lake", workers, resume=True)
    finally:
        service.every = 0
    assert service.failed > 0
    assert (report.pages, report.failed, report.exit_code) == (20, 0, 0)
    assert (again.tasks, again.tasks_before) == (0, 4)
    files = [name for name in fsspec.filesystem("s3").find(f"{s3}/lake") if "articles" in name]
    assert len(files) == 4


def test_a_list_of_paths_in_a_bucket(source, workers, s3):
    places.write(f"{s3}/crawl/data/part-0.warc.gz", (source / "part-0.warc.gz").read_bytes())
    places.write(f"{s3}/crawl/lists/warc.paths", b"crawl/data/part-0.warc.gz\n")
    report = extraction(f"{s3}/crawl/lists/warc.paths", f"{s3}/listed", workers)
    assert (report.files, report.pages, report.exit_code) == (1, 5, 0)


def test_a_worker_that_is_killed_costs_nothing(source, whole, workers, tmp_path):
    killed = []

    def kill_one(done, _total):
        if done and not killed:
            killed.append(workers.submit(os.getpid).result())
            os.kill(killed[0], signal.SIGKILL)

    report = extraction(source, tmp_path / "lake", workers, progress=kill_one)
    assert killed
    assert report.exit_code == 0
    assert content(tmp_path / "lake") == content(whole)


def test_a_record_that_ends_workers_is_set_aside(workers, tmp_path):
    # Few records: each range that is halved costs two workers, which take seconds to start.
    source = collection(tmp_path / "source", files=2, ours=2, others=1)
    path = source / "part-1.warc.gz"
    size, changed = places.identity(str(path))
    offsets = offsets_of(Task(str(path), f"{size}-{changed}", 0, size))
    report = extraction(source, tmp_path / "lake", Deadly(workers, str(path), offsets[2]))
    assert (report.failed, report.exit_code) == (1, 3)
    assert "were ended" in report.failures[0][1]
    assert report.pages == 3


def test_a_task_that_hangs_is_ended(cluster):
    with (
        clusters.workers(cluster.address, budget=Budget(seconds=0.5)) as workers,
        pytest.raises(BudgetExceeded),
    ):
        workers.submit(signal.pause).result()


def test_a_server_that_does_not_answer_costs_the_task_not_the_run(workers):
    with pytest.raises(OSError, match="no answer came in time"):
        workers.submit(no_answer).result()


def test_pages_are_read_again(archive, workers, cluster):
    here = reparse(archive, NOW, processes=1)
    there = reparse(archive, NOW, cluster=cluster.address)
    assert there == here
    assert there.pages == 12


def test_a_page_that_ends_workers_costs_itself_alone(archive, cluster, tmp_path, monkeypatch):
    copy = tmp_path / "archive"
    shutil.copytree(archive, copy)
    monkeypatch.setattr("scraper.extract.reparse.read_revision", ends_its_worker_over_5)
    report = reparse(copy, NOW, write=True, cluster=cluster.address)
    assert (report.pages, report.failed) == (12, 1)
    assert report.failures[0][1] == "the workers that read it were ended"
    assert [row["tries"] for row in rows(copy, "SELECT tries FROM over_budget")] == [1]


def ends_its_worker_over_5(directory, revision_id):
    """What a worker of the cluster does, until it meets one page."""
    if revision_id == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return read_revision(directory, revision_id)


def test_an_import_ends_as_the_serial_one(archive, cluster, tmp_path):
    request = partial(ImportRequest, paths=(archive / "warc",), site="dortmund")
    run_import(request(tmp_path / "here"), lambda: NOW)
    run_import(request(tmp_path / "there", cluster=cluster.address), lambda: NOW)
    varying = {"warc_file", "warc_offset", "warc_length"}
    assert dump(tmp_path / "there", varying) == dump(tmp_path / "here", varying)


def test_other_versions_are_refused(cluster, monkeypatch):
    monkeypatch.setattr(clusters, "__version__", "99.0")
    with pytest.raises(UsageError, match=r"99\.0"), clusters.workers(cluster.address):
        pass


def test_a_worker_of_another_version_that_comes_later_does_nothing(workers, monkeypatch):
    monkeypatch.setattr(clusters, "__version__", "99.0")
    with pytest.raises(UsageError, match=r"not 99\.0"):
        workers.submit(os.getpid).result()


def test_an_archive_that_workers_do_not_see(workers):
    with pytest.raises(UsageError, match="does not see"):
        workers.see(Path("/nowhere/newsroom.db"))


def test_nobody_answers(newsroom, source, tmp_path, monkeypatch):
    monkeypatch.setattr(clusters, "_PATIENCE", "1s")
    address = "tcp://127.0.0.1:9"
    where = ("-o", str(tmp_path / "lake"), "--cluster", address)
    code, _out, err = newsroom("extract", str(source), *where)
    assert code == 2
    assert address in err
    assert "Traceback" not in err


def test_the_scheduler_is_lost(source, whole, s3, tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(clusters, "_PATIENCE", "4s")
    own = Cluster(tmp_path)
    try:
        own.work(1)
        with clusters.workers(own.address) as workers:
            report = extraction(
                source,
                tmp_path / "lake",
                workers,
                progress=lambda done, _total: own.end() if done == 1 else None,
            )
    finally:
        own.end()
    assert (report.exit_code, report.tasks_done < 4) == (3, True)
    assert "cluster" in report.ended_early
    assert "Traceback" not in capfd.readouterr().err
    assert extraction(source, tmp_path / "lake", resume=True).exit_code == 0
    assert content(tmp_path / "lake") == content(whole)
