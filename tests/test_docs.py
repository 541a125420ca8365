"""What a reader is told is true: settings, commands, steps, bit table, criteria, dependencies."""

import re
from argparse import _SubParsersAction
from pathlib import Path

import pytest

from bot.authoring.docs import FILES, PARTS, renewed
from bot.cli.main import parser
from bot.data import ROOT
from bot.variables import SETTINGS
from dialogs.catalogue import Catalogue
from dialogs.conversation.machine import TRANSITIONS

README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FILES)
def test_generated_parts_are_up_to_date(everything: Catalogue, name: str) -> None:
    """`make docs` would change nothing."""
    text = (ROOT / name).read_text(encoding="utf-8")

    assert renewed(text, everything) == text
    assert "<!-- begin" in text


def test_every_generated_part_stands_somewhere() -> None:
    """No part is written for nobody."""
    texts = "".join((ROOT / name).read_text(encoding="utf-8") for name in FILES)

    assert set(PARTS) == set(re.findall(r"<!-- begin (\w+) -->", texts))


def test_every_setting_is_documented() -> None:
    """Each variable stands in the README."""
    for setting in SETTINGS:
        assert f"| `{setting.name}` |" in README


def test_every_command_is_documented() -> None:
    """The commands of the README are those of the program."""
    subs = next(a for a in parser()._actions if isinstance(a, _SubParsersAction))

    assert set(subs.choices) == set(
        re.findall(r"^\| `python run_bot\.py (\w+)` ", README, re.MULTILINE)
    )


def test_the_diagram_draws_every_drawn_step() -> None:
    """Each step between two others is in the README's drawing."""
    for _, _, dest in TRANSITIONS:
        assert dest.name.lower() in README


def test_every_dependency_has_a_reason() -> None:
    """Each package of the .in files is named in docs/dependencies.md."""
    told = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    for file in ("requirements.in", "requirements-dev.in"):
        for line in (ROOT / file).read_text(encoding="utf-8").splitlines():
            name = line.partition(";")[0].strip()
            if name and not name.startswith("-"):
                assert name in told, name


def test_lock_files_hold_hashes_and_no_address() -> None:
    """Every pinned package has hashes; no file names a host, an index or a path."""
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        pins = re.findall(r"^\S+==\S+", text, re.MULTILINE)

        assert pins
        assert len(pins) == len(re.findall(r"\\\n    --hash=sha256:[0-9a-f]{64}", text)) - len(
            re.findall(r"--hash=sha256:[0-9a-f]{64} \\\n", text)
        )
        assert not re.search(r"https?:|file:|--index|--find-links|/\w+/", text)


def test_links_between_pages_lead_somewhere() -> None:
    """Every relative link of the README names something that is there."""
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert Path(ROOT / target).exists(), target
