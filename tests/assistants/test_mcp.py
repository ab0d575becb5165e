"""Tools for assistants: the SDK's own client asks the command, and answers are bounded."""

import json
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters

from scraper.archive import Archive
from scraper.assistants.answers import NOTICE, PART_CHARS, Answers
from scraper.assistants.server import TOOLS, make_server
from scraper.demo.newsroom import Newsroom
from scraper.demo.server import ReplicaServer
from scraper.errors import UsageError
from tests.support import loops
from tests.support.replica import crawl


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    directory = tmp_path_factory.mktemp("assistants")
    with ReplicaServer(Newsroom(12), navigation_bytes=200) as server:
        crawl(directory, server.base_url)
        server.edit(3, text="Der Termin ist verschoben, Näheres folgt in der kommenden Woche.")
        crawl(directory, server.base_url, after=timedelta(days=2), full=True)
    return directory


@pytest.fixture(scope="module")
def answers(directory):
    return Answers(directory)


def ask(server, *questions):
    """Ask a server; returns its tools, and for each question the answer or the error."""

    async def talk():
        async with Client(server, read_timeout_seconds=60) as client:
            tools = (await client.list_tools()).tools
            results = []
            for name, arguments in questions:
                result = await client.call_tool(name, arguments)
                text = result.content[0].text
                results.append(text if result.is_error else json.loads(text))
            return tools, results

    return loops.run(talk())


def test_the_command_answers_the_sdk_client(directory):
    root = Path(__file__).parents[2]
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "scraper", "--data", str(directory), "mcp"],
        cwd=root,
    )
    tools, (found, wrong) = ask(
        command, ("search", {"query": "Stadt"}), ("show", {"reference": "x"})
    )
    assert tuple(tool.name for tool in tools) == TOOLS
    assert all(tool.annotations.read_only_hint for tool in tools)
    assert found["total"] > 0
    assert "has no article 'x'" in wrong
    assert "Traceback" not in wrong


def test_each_tool_says_what_it_takes(directory):
    tools, _results = ask(make_server(directory))
    for tool in tools:
        assert "Args:" in tool.description or not tool.input_schema["properties"]
        for name in tool.input_schema["properties"]:
            assert f"{name}:" in tool.description, (tool.name, name)


def test_answers_have_citations_and_say_what_is_quoted(answers):
    found = answers.search("Stadt", limit=3)
    assert found["notice"] == NOTICE
    for result in found["results"]:
        assert "https://www.dortmund.de/" in result["citation"]
        assert "SHA-256" in result["citation"]
    shown = answers.show(str(found["results"][0]["id"]))
    assert shown["quoted_text"]
    assert shown["citation"] == found["results"][0]["citation"]


def test_who_said_what(answers):
    said = answers.quotes(limit=5)
    assert 0 < len(said["results"]) <= 5 <= said["total"]
    someone = answers.people(limit=1)["results"][0]
    told = answers.people(name=someone["quoted_name"])
    assert told["results"][0]["quoted_name"] == someone["quoted_name"]
    assert told["statements_total"] >= someone["quotations"]
    assert told["latest_statements"][0]["quoted_speaker"]


def test_what_was_changed(answers):
    (change,) = answers.changes(since="2000-01-01")["results"]
    assert change["kind"] == "changed"
    life = answers.history(str(change["id"]))
    assert [event["kind"] for event in life["events"]] == ["new", "changed"]
    assert life["versions"][-1]["changes"][0]["quoted_after"]


def test_comparing(answers):
    (row,) = answers.compare("Stadt")["results"]
    assert row["site"] == "dortmund"
    assert 0 < row["share"] <= 1


def test_long_texts_come_in_parts(directory, answers):
    with Archive.open(directory) as archive:
        record = json.loads(archive.rows("SELECT record FROM revisions WHERE id = 1")[0]["record"])
        record["text"] = "Wort " * 3_000
        with archive.transaction() as db:
            db.execute("UPDATE revisions SET record = ? WHERE id = 1", [json.dumps(record)])
    first = answers.show("1")
    assert (first["parts"], len(first["quoted_text"])) == (3, PART_CHARS)
    assert answers.show("1", part=3)["quoted_text"].endswith("Wort ")
    with pytest.raises(UsageError, match="3 parts"):
        answers.show("1", part=4)


def test_bounds(answers):
    assert len(answers.quotes(limit=10**9)["results"]) <= 20
    assert len(answers.search("Stadt", limit=-5)["results"]) == 1


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("search", {"query": "  "}),
        ("search", {"query": "Stadt", "since": "someday"}),
        ("search", {"query": "Stadt", "site": "nowhere"}),
        ("history", {"reference": "99999"}),
    ],
)
def test_wrong_questions_are_told_in_a_sentence(directory, tool, arguments):
    _tools, (wrong,) = ask(make_server(directory), (tool, arguments))
    assert isinstance(wrong, str)
    assert "Traceback" not in wrong
    assert len(wrong) > 20


def test_no_archive_is_told_at_once(newsroom, tmp_path):
    code, out, err = newsroom("--data", str(tmp_path), "mcp")
    assert (code, out) == (7, "")
    assert "no archive" in err
