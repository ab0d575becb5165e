"""What shells offer behind Tab, and the examples of `--help`."""

import shlex

import pytest

from scraper import cli
from scraper.archive import Archive
from scraper.cli.completing import is_harmless, offered
from scraper.cli.examples import EXAMPLES
from tests.archive.corpus import article, filled, store
from tests.test_docs import VERBS

EVIL = (
    "$(reboot)",
    "`reboot`",
    "a; reboot",
    "-rf",
    "a\nb",
    "a'b",
    'a"b',
    "\x1b[2J",
    "a|b",
    "x" * 200,
)


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    found = tmp_path_factory.mktemp("completed")
    with Archive.open(found) as archive:
        filled(archive)
        store(archive, article("e", "Böse", tags=("Baustelle", *EVIL)))
    return found


@pytest.fixture
def complete(newsroom, monkeypatch):
    def run(shell, words):
        monkeypatch.setenv("_NEWSROOM_COMPLETE", f"complete_{shell}")
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", str(len(words.split(" ")) - 1))
        monkeypatch.setenv("_TYPER_COMPLETE_ARGS", words)
        monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
        code, out, err = newsroom()
        assert (code, err) == (0, "")
        return out

    return run


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(
    ("words", "there"),
    [
        ("search --tag Bau", "Baustelle"),
        ("search --tag Ev", "Eving"),
        ("export articles --district H", "Hörde"),
        ("quotes --speaker Özgür", "Yıldız"),
        ("people Özgür", "Yıldız"),
        ("search --site dort", "dortmund"),
        ("crawl --site muen", "muenster"),
    ],
)
def test_names_of_the_archive(complete, directory, shell, words, there):
    out = complete(shell, f"newsroom --data {directory} {words}")
    assert there in out
    assert "reboot" not in out


def test_bash_gets_names_that_it_can_take_as_they_are(complete, directory):
    out = complete("bash", f"newsroom --data {directory} search --tag Bau")
    assert out.splitlines() == ["Bauen\\ \\&\\ Wohnen", "Baustelle"]
    assert shlex.split(out.splitlines()[0]) == ["Bauen & Wohnen"]


def test_verbs_are_offered(complete):
    assert "people" in complete("bash", "newsroom peo").split()


def test_without_an_archive_nothing_is_said(complete, tmp_path):
    assert complete("bash", f"newsroom --data {tmp_path} search --tag B").strip() == ""
    (tmp_path / "newsroom.db").write_bytes(b"no database at all" * 100)
    assert complete("bash", f"newsroom --data {tmp_path} search --tag B").strip() == ""


@pytest.mark.parametrize("name", EVIL)
def test_what_a_shell_would_act_on_is_not_offered(name):
    assert not is_harmless(name)
    assert offered([name], "") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_can_be_shown(newsroom, shell, monkeypatch):
    # Typer asks which shell the command was started from; tests may be started from none.
    monkeypatch.setattr("shellingham.detect_shell", lambda: (shell, shell))
    monkeypatch.setattr("shutil.which", lambda *_: None)
    code, out, _err = newsroom("--show-completion", shell)
    assert (code, "_NEWSROOM_COMPLETE" in out) == (0, True)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_an_example_that_parses(verb):
    epilog = VERBS[verb].epilog
    for line in EXAMPLES[verb]:
        assert line in epilog
        words = shlex.split(line)[1:]
        if words[0] == "--data":
            del words[:2]
        assert words[: len(verb.split())] == verb.split()
        context = VERBS[verb].make_context(verb, words[len(verb.split()) :])
        assert context.command is VERBS[verb]


def test_there_is_no_example_of_a_verb_that_is_not():
    assert EXAMPLES.keys() == VERBS.keys()
    assert cli.app.registered_commands
