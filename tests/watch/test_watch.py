"""Watches as people use them: saved, run, told by mail and webhook, read as feed and JSON."""

import json
import shutil

import feedparser
import pytest

from scraper.archive import Archive, Store
from scraper.decide.outcome import decide
from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer
from scraper.records import Capture, Quote
from scraper.watch.addresses import FILE_NAME
from tests.archive.corpus import article
from tests.conftest import NOW


def add(newsroom, *arguments):
    code, out, err = newsroom("watch", "add", "--json", *arguments)
    assert code == 0, err
    return json.loads(out)


def run(newsroom, *arguments, code=0):
    found, out, err = newsroom("watch", "run", "--json", *arguments)
    assert found == code, err
    return json.loads(out)["watches"]


def titles(report):
    return [news["title"] for news in report["news"]]


def test_only_what_is_new_is_told_and_only_once(newsroom, publish, mailbox):
    add(newsroom, "Grundsteuer OR Hebesatz", "--to", mailbox.address)
    assert run(newsroom)[0]["total"] == 0
    publish("steuer", "Stadt hebt Steuer an", "Die Hebesätze steigen.", published="2026-09-05")
    publish("anderes", "Der Zoo öffnet", "Tiere für alle.")
    report = run(newsroom)[0]
    assert titles(report) == ["Stadt hebt Steuer an"]
    assert report["news"][0]["reason"] == "has Hebesätze"
    (mail,) = mailbox.mails
    assert mail["subject"] == "1 new release: Grundsteuer OR Hebesatz"
    assert mail["to"].endswith("redaktion@example.org") or "redaktion" in mail["to"]
    body = mail.get_body(("plain",)).get_content()
    for part in ("Stadt hebt Steuer an", "Dortmund", "05.09.2026", "Hebesätze steigen", "/steuer"):
        assert part in body
    assert run(newsroom)[0]["total"] == 0
    assert len(mailbox.mails) == 1


def test_nothing_is_lost_when_sending_fails(newsroom, publish, mailbox, hook):
    row = add(newsroom, "Schule", "--name", "schulen", "--to", mailbox.address, "--to", hook.hook)
    publish("eins", "Neue Schule eins")
    mailbox.refuses = True
    report = run(newsroom, code=3)[0]
    assert (len(report["sent"]), len(report["failed"]), report["waiting"]) == (1, 1, 1)
    code, out, _err = newsroom("watch", "list")
    assert code == 0
    assert "1 waiting; failed 1 times" in out
    code, out, _err = newsroom("doctor")
    assert "schulen cannot tell mailto://127.0.0.1/…" in " ".join(out.split())
    publish("zwei", "Neue Schule zwei")
    mailbox.refuses = False
    report = run(newsroom)[0]
    assert titles(report) == ["Neue Schule zwei"]
    (mail,) = mailbox.mails
    body = mail.get_body(("plain",)).get_content()
    assert "Neue Schule eins" in body
    assert "Neue Schule zwei" in body
    told = [json.loads(ask.body)["title"] for ask in hook.asks]
    assert told == ["1 new release: Schule"] * 2
    (listed,) = json.loads(newsroom("watch", "list", "--json")[1])
    assert (listed["waiting"], listed["found"], row["found"]) == (0, 2, 0)


def test_one_message_says_how_much_more_there_is(newsroom, publish, hook):
    add(newsroom, "Baustelle", "--to", hook.hook)
    for number in range(57):
        publish(f"bau-{number}", f"Baustelle {number}", published="2026-09-01")
    assert run(newsroom)[0]["total"] == 57
    (ask,) = hook.asks
    message = json.loads(ask.body)["message"]
    assert message.count("Why: ") == 20
    assert "… and 37 more, see exports/watch-baustelle.xml" in message


def test_no_secret_is_printed_stored_in_the_archive_or_logged(newsroom, publish, mailbox, data):
    secrets = ("geheim77", "redaktion", "reporter")
    mailbox.refuses = True
    said = [newsroom("watch", "add", "Schule", "--to", mailbox.address)]
    publish("neu", "Neue Schule")
    said += [newsroom(*verb) for verb in (("watch", "run"), ("watch", "list"), ("doctor",))]
    said.append(newsroom("query", "SELECT * FROM watch_targets"))
    said.append(newsroom("watch", "add", "Schule", "--to", "nosuch://reporter:geheim77@redaktion"))
    assert said[-1][0] == 2
    for _code, out, err in said:
        assert not [word for word in secrets if word in out + err]
    for file in data.rglob("*"):
        if file.is_file() and file.name != FILE_NAME:
            assert not [word for word in secrets if word.encode() in file.read_bytes()], file


def test_an_address_may_stand_in_the_environment(newsroom, publish, hook, monkeypatch):
    monkeypatch.delenv("ZIEL", raising=False)
    add(newsroom, "Schule", "--to", "env:ZIEL")
    publish("neu", "Neue Schule")
    (failed,) = run(newsroom, code=3)[0]["failed"]
    assert failed == {"to": "env:ZIEL", "reason": "the environment has no variable ZIEL"}
    monkeypatch.setenv("ZIEL", hook.hook)
    assert run(newsroom)[0]["sent"] == ["env:ZIEL"]


def test_a_copy_of_the_archive_tells_nobody(newsroom, publish, hook, data, tmp_path):
    add(newsroom, "Schule", "--to", hook.hook)
    publish("neu", "Neue Schule")
    (data / FILE_NAME).unlink()
    (failed,) = run(newsroom, code=3)[0]["failed"]
    assert "was copied from elsewhere" in failed["reason"]
    assert hook.asks == []
    shutil.rmtree(data / "exports")


def test_a_dry_run_tells_and_changes_nothing(newsroom, publish, hook):
    add(newsroom, "Schule", "--to", hook.hook)
    publish("neu", "Neue Schule")
    for _again in range(2):
        assert titles(run(newsroom, "--dry-run")[0]) == ["Neue Schule"]
    assert hook.asks == []
    assert titles(run(newsroom)[0]) == ["Neue Schule"]


def edit(data, name, title, body, **fields):
    with Archive.open(data) as archive:
        keeper = Store(archive)
        made = article(name, title, body, **fields)
        stored = keeper.find(made.url)
        later = NOW.replace(day=NOW.day + 1)
        decision = decide(stored, made, later)
        capture = keeper.add_capture(Capture(made.url, b"<p>2", later))
        keeper.apply(decision, made, stored, capture, later)


def test_edits_and_removals_are_told_if_asked_for(newsroom, publish, data):
    publish("steuer", "Rat tagt", "Die Grundsteuer steigt.")
    add(newsroom, "Grundsteuer", "--name", "releases")
    add(newsroom, "Grundsteuer", "--changes", "--name", "all")
    edit(data, "steuer", "Rat tagt", "Die Steuer steigt nicht.")
    quiet, told = run(newsroom)
    assert (quiet["total"], told["total"]) == (0, 1)
    assert told["news"][0]["kind"] == "changed"
    assert told["news"][0]["reason"].startswith("edited (")
    with Archive.open(data) as archive:
        keeper = Store(archive)
        keeper.mark_gone(keeper.find(article("steuer", "").url), NOW.replace(day=NOW.day + 2))
    assert [news["kind"] for news in run(newsroom)[1]["news"]] == ["gone"]


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (("Bäume", "--speaker", "kalouti"), ["Bäume am Wall"]),
        (("--speaker", "Kalouti"), ["Bäume am Wall"]),
        (("--tag", "Grün"), ["Bäume am Wall"]),
        (("--site", "dortmund", "--tag", "gruen"), ["Bäume am Wall"]),
        (("--site", "koeln"), []),
        (("Baum -Wall",), []),
        (("--changes",), ["Bäume am Wall"]),
    ],
)
def test_whatever_narrows_a_search_narrows_a_watch(newsroom, publish, arguments, found):
    add(newsroom, *arguments)
    said = Quote("Wir pflanzen", "Änne Kalouti", "Leiterin")
    publish("wall", "Bäume am Wall", "Es grünt.", quotes=(said,), tags=("Grün",))
    assert titles(run(newsroom)[0]) == found


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("-Schule",),
        ("Schule", "--site", "nirgends"),
        ("Schule", "--to", "du@example.org"),
        ("Schule", "--to", "nosuch://x"),
        ("Schule", "--name", "../boese"),
        ("Schule", "--speaker", "%"),
    ],
)
def test_what_cannot_be_watched_is_said(newsroom, data, arguments):
    code, out, err = newsroom("watch", "add", *arguments)
    assert (code, out) == (2, "")
    assert "Error: " in err or "Usage" in err
    assert json.loads(newsroom("watch", "list", "--json")[1]) == []
    assert not (data / FILE_NAME).exists()


def test_names_are_given_and_dropped(newsroom, data):
    assert add(newsroom, "Schule Hörde")["name"] == "schule-horde"
    assert add(newsroom, "Schule Hörde")["name"] == "schule-horde-2"
    assert newsroom("watch", "add", "Kita", "--name", "Schule-Horde")[0] == 2
    assert newsroom("watch", "drop", "schule-horde-2")[0] == 0
    assert not (data / "exports" / "watch-schule-horde-2.xml").exists()
    assert newsroom("watch", "drop", "schule-horde-2")[0] == 2
    assert newsroom("watch", "drop", "1")[0] == 0
    assert newsroom("watch", "list")[1].startswith("Nothing is watched")


def test_dropping_forgets_the_addresses(newsroom, data, hook):
    add(newsroom, "Schule", "--name", "weg", "--to", hook.hook)
    assert "Schluessel99" in (data / FILE_NAME).read_text()
    newsroom("watch", "drop", "weg")
    assert "Schluessel99" not in (data / FILE_NAME).read_text()


def test_the_feed_has_what_was_found(newsroom, publish, data):
    add(newsroom, "Schule", "--name", "schulen")
    path = data / "exports" / "watch-schulen.xml"
    assert feedparser.parse(path.read_bytes()).entries == []
    publish("neu", "Neue Schule <b>", "Für alle & jeden.")
    run(newsroom)
    feed = feedparser.parse(path.read_bytes())
    assert not feed.bozo
    assert [entry.title for entry in feed.entries] == ["Neue Schule &lt;b&gt;"] or [
        entry.title for entry in feed.entries
    ] == ["Neue Schule <b>"]
    before = path.read_bytes()
    run(newsroom)
    assert path.read_bytes() == before


def test_without_apprise_it_is_said_how_to_install_it(newsroom, publish, monkeypatch, data):
    add(newsroom, "Schule", "--to", "json://127.0.0.1:9", "--name", "schulen")
    monkeypatch.setattr("scraper.watch.sending.find_spec", lambda _name: None)
    code, _out, err = newsroom("watch", "add", "Kita", "--to", "json://127.0.0.1:9")
    assert code == 2
    assert 'pip install "newsroom-archive[watch]"' in " ".join(err.split())
    assert newsroom("watch", "add", "Kita")[0] == 0
    publish("neu", "Neue Schule")
    code, _out, err = newsroom("watch", "run")
    assert code == 3
    assert 'pip install "newsroom-archive[watch]"' in " ".join(err.split())


def test_a_crawl_tells_what_it_has_found_and_is_not_spoiled_by_trouble(newsroom, data, mailbox):
    shutil.rmtree(data)
    with ReplicaServer(Newsroom(3), navigation_bytes=200) as server:
        crawl = ("crawl", "--base-url", server.base_url, "--quiet")
        assert newsroom(*crawl, "--limit", "2")[0] == 0
        add(newsroom, "--changes", "--to", mailbox.address)
        assert newsroom(*crawl) == (0, "", "")
        (mail,) = mailbox.mails
        assert mail["subject"] == "1 new or changed: watch"
        assert "Why: new" in mail.get_body(("plain",)).get_content()
        mailbox.refuses = True
        server.edit(1, text="Der Termin ist abgesagt.")
        code, out, err = newsroom(*crawl, "--full")
        assert (code, out) == (0, "")
        assert "could not tell mailto://127.0.0.1/…" in " ".join(err.split())
        (data / FILE_NAME).write_text("{")
        code, out, err = newsroom(*crawl)
    assert (code, out) == (0, "")
    assert "The crawl is done, but what is new could not be told." in " ".join(err.split())


def test_an_event_number_that_is_used_again_is_news_all_the_same(newsroom, publish, data):
    last = publish("alt", "Alte Schule")
    add(newsroom, "Schule")
    with Archive.open(data) as archive, archive.transaction() as db:
        db.execute("DELETE FROM articles WHERE id = ?", [last])
    publish("neu", "Neue Schule")
    with Archive.open(data) as archive, archive.transaction() as db:
        db.execute("UPDATE events SET at = '2026-10-09' WHERE id = (SELECT max(id) FROM events)")
    assert titles(run(newsroom)[0]) == ["Neue Schule"]
    assert run(newsroom)[0]["total"] == 0
