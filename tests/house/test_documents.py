"""What README, CONTRIBUTING and the glossary say is so."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from portal.cli import main
from portal.publications.kinds import KINDS
from tests.house.source import ROOT

BLOCK = re.compile(r"^```(?:sh|bash)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)


def commands(program: str) -> Iterator[tuple[str, list[str]]]:
    """Each line of the documents' shell blocks that calls a program, with the document's name."""
    for path in DOCUMENTS:
        for block in BLOCK.findall(path.read_text(encoding="utf-8")):
            for line in block.splitlines():
                words = shlex.split(line, comments=True)
                while words and "=" in words[0] and words[0].partition("=")[0].isupper():
                    words = words[1:]
                if words and words[0].rpartition("/")[2] == program:
                    yield path.name, words[1:]


def test_every_portal_command_in_the_documents_exists() -> None:
    called = list(commands("portal"))
    assert called
    for where, words in called:
        context, rest = _command(words)
        known = {option for each in context.params for option in each.opts}
        unknown = [word for word in rest if word.startswith("--") and word.split("=")[0] not in known]
        assert not unknown, f"{where}: portal {' '.join(words)}"


def _command(words: list[str]) -> tuple[click.Command, list[str]]:
    command: click.Command = main
    for place, word in enumerate(words):
        if not isinstance(command, click.Group):
            return command, words[place:]
        assert word in command.commands, f"there is no `portal {' '.join(words)}`"
        command = command.commands[word]
    return command, []


def test_every_make_target_in_the_documents_exists() -> None:
    targets = set(TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
    wanted = {word for _where, words in commands("make") for word in words if "=" not in word}
    assert wanted
    assert wanted <= targets


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    broken = [
        link for link in LINK.findall(path.read_text(encoding="utf-8")) if not (path.parent / link).exists()
    ]
    assert not broken


def test_the_second_tier_calls_the_readmes_test_command() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert ("README.md", ["test"]) in list(commands("make"))


def test_the_glossary_ties_each_kind_to_its_chinese_term() -> None:
    glossary = (ROOT / "docs" / "words.md").read_text(encoding="utf-8")
    assert [kind.name for kind in KINDS.values() if kind.label not in glossary] == []
