"""What a link says of the study that it is about."""

from pathlib import Path

import pytest

from bot.desk import Desk
from bot.door import study_of
from bot.store.keyfiles import KeyFiles
from dialogs.catalogue import Catalogue
from dialogs.conversation.session import LANGUAGES


@pytest.mark.parametrize(
    ("payload", "number"),
    [
        ("t1", 1), ("12", 12), (" t16383 ", 16383), ("", 0), ("t", 0), ("group", 0), ("t-1", 0),
        ("t1.5", 0), ("t123456", 0), ("t²", 0), ("t١", 0), ("tt1", 0), ("x" * 10_000, 0),
    ],
)  # fmt: skip
def test_a_number_is_read_and_nothing_else(payload: str, number: int) -> None:
    """Whatever stands in a link, it never fails."""
    assert number == study_of(payload)


@pytest.mark.parametrize("trial", [0, 99, 16384])
def test_an_unknown_study_begins_with_all(many: Catalogue, tmp_path: Path, trial: int) -> None:
    """As a link without one."""
    desk = Desk(many, KeyFiles(tmp_path / "keys"))
    for language in LANGUAGES:
        page = desk.welcome(b"here", language, trial)

        assert (0, True) == (page.session.trial, page.session.matching)


def test_a_study_is_brought_into_focus(many: Catalogue, tmp_path: Path) -> None:
    """By a link with its number."""
    page = Desk(many, KeyFiles(tmp_path / "keys")).welcome(b"here", "en", 3)

    assert (3, False) == (page.session.trial, page.session.matching)
