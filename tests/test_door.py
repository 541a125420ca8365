"""What a link says: the group that shares it, or the study that it is about."""

from pathlib import Path

import pytest

from bot.desk import Desk
from bot.door import Entrance, entrance, study_of
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
        page = desk.welcome(b"here", language, Entrance(trial))

        assert (0, True) == (page.session.trial, page.session.matching)


def test_a_study_is_brought_into_focus(many: Catalogue, tmp_path: Path) -> None:
    """By a link with its number."""
    page = Desk(many, KeyFiles(tmp_path / "keys")).welcome(b"here", "en", Entrance(3))

    assert (3, False) == (page.session.trial, page.session.matching)


@pytest.mark.parametrize("payload", ["rose", " Rose\n", "ROSE"])
def test_a_group_is_known_by_its_slug(payload: str) -> None:
    """As it was copied, or typed with capitals."""
    assert Entrance(3, 7, "en") == entrance(payload, {"rose": Entrance(3, 7, "en")})


@pytest.mark.parametrize("payload", ["", "dead", "élan", "a b", "x" * 65, "<b>", "rose\0"])
def test_an_unknown_group_begins_normally(payload: str) -> None:
    """As a link without one."""
    assert Entrance() == entrance(payload, {"rose": Entrance(3, 7, "en")})
    assert Entrance(12) == entrance("t12", {"rose": Entrance(3, 7, "en")})


def test_a_conversation_remembers_who_shared_its_link(many: Catalogue, tmp_path: Path) -> None:
    """For what is counted; a study that the service does not know makes it one about all."""
    desk = Desk(many, KeyFiles(tmp_path / "keys"))
    known = desk.welcome(b"here", "fr", Entrance(3, 7, "en")).session
    gone = desk.welcome(b"here", "fr", Entrance(99, 7, "en")).session

    assert (3, 7, "fr") == (known.trial, known.campaign, known.language)
    assert (0, 7, True) == (gone.trial, gone.campaign, gone.matching)
