"""The conversation over two text streams."""

import io
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.terminal import chat, chosen
from bot.desk import Desk, Page
from dialogs.conversation.steps import Action, Step
from dialogs.conversation.view import Button, View
from tests.builders import Clock, everywhere


def talked(desk: Desk, *typed: str, language: str = "en") -> str:
    """What is shown when these lines are typed."""
    target = io.StringIO()
    chat(desk, language, [f"{line}\n" for line in typed], target)
    return target.getvalue()


def page_of(desk: Desk, *labels: str) -> Page:
    """A page whose buttons have these labels."""
    buttons = tuple(Button(label, Action.ANSWER, n) for n, label in enumerate(labels))
    view = View(Step.QUESTION, "en", "?", (), (buttons,), ())
    return Page(view, (), "", desk.catalogue.speeches["en"], erased=False)


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("1", "Yes"),
        (" 3 \n", "Other organs"),
        ("yes", "Yes"),
        ("YES", "Yes"),
        ("Yes, in situ", "Yes, in situ"),
        ("other", "Other organs"),
        ("je prefere", "Je préfère ne pas le dire"),
        ("J’AI", "J'ai arrêté"),
        ("j'ai arrete", "J'ai arrêté"),
        ("0", None),
        ("8", None),
        ("-1", None),
        ("1.", None),
        ("", None),
        ("   ", None),
        ("j", None),
        ("maybe", None),
        ("²", None),
    ],
)
def test_a_button_is_chosen_by_number_or_words(desk: Desk, typed: str, label: str | None) -> None:
    """Its number, its label, or the only one that begins so; accents and capitals do not count."""
    page = page_of(
        desk,
        "Yes",
        "Yes, in situ",
        "Other organs",
        "Je préfère ne pas le dire",
        "J'ai arrêté",
    )
    button = chosen(page, typed)

    assert label == (button.label if button else None)


def test_every_button_can_be_chosen_by_its_number_and_label(desk: Desk) -> None:
    """On every screen, in both languages, typed in capitals as well."""
    for language, speech in desk.catalogue.speeches.items():
        for talk in everywhere(desk.catalogue, language):
            page = Page(talk.view, (), "", speech, erased=False)
            for number, button in enumerate(page.view.buttons(), 1):
                assert button == chosen(page, str(number))
                assert button == chosen(page, button.label)
                assert button == chosen(page, button.label.upper())


def test_a_conversation_goes_on_with_each_line(desk: Desk) -> None:
    """Start, for me, an answer: three more screens, each with its numbered buttons."""
    shown = talked(desk, "1", "1", "2")
    speech = desk.catalogue.speeches["en"]

    assert 4 == shown.count("=== ")
    assert speech.say("whom.title") in shown
    assert speech.say("question.progress", number=1, total=14) in shown
    assert shown.endswith("> \n")


def test_what_is_not_understood_is_said_kindly(desk: Desk) -> None:
    """And the same buttons still work."""
    shown = talked(desk, "What?", "1")
    speech = desk.catalogue.speeches["en"]

    assert speech.say("typed.unclear") in shown
    assert speech.say("whom.title") in shown
    assert "What?" not in shown


@pytest.mark.parametrize("farewell", ["q", " Q ", "q\n"])
def test_q_ends_it(desk: Desk, farewell: str) -> None:
    """Nothing after it is read."""
    assert 1 == talked(desk, farewell, "1").count("=== ")


def test_an_ended_stream_ends_it(desk: Desk) -> None:
    """Without an error."""
    assert 1 == talked(desk).count("=== ")


def test_the_language_switch_speaks_the_new_language(desk: Desk) -> None:
    """Hints included."""
    shown = talked(desk, "Français", "quoi")
    speech = desk.catalogue.speeches["fr"]

    assert speech.say("terminal.choose") in shown
    assert speech.say("typed.unclear") in shown


def test_a_record_has_screens_and_taps(desk: Desk, tmp_path: Path) -> None:
    """In plain text, with what was tapped but not what was typed."""
    record = tmp_path / "record.txt"
    chat(desk, "en", ["nonsense\n", "1\n", "2\n"], io.StringIO(), record)
    text = record.read_text(encoding="utf-8")
    speech = desk.catalogue.speeches["en"]

    assert text.startswith("# language: en\n\n=== ")
    assert [f"> {speech.say('welcome.start')}", f"> {speech.say('whom.relative')}"] == [
        line for line in text.splitlines() if line.startswith("> ")
    ]
    assert "nonsense" not in text


def test_nothing_is_written_unless_asked_for(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A conversation leaves no file but the keys."""
    monkeypatch.chdir(tmp_path)
    before = sorted(path for path in tmp_path.rglob("*"))
    talked(desk, "1", "1", "2", "1")

    assert before == sorted(path for path in tmp_path.rglob("*"))


def test_a_conversation_left_open_too_long_starts_again(desk: Desk, clock: Clock) -> None:
    """After a week the next tap leads to the friendly page, in the language she was reading."""

    def late() -> list[str]:
        clock.today += timedelta(days=7)
        return ["1\n"]

    target = io.StringIO()
    chat(desk, "en", (line for part in (["1\n"], late) for line in _lines(part)), target)

    assert desk.catalogue.speeches["en"].say("expired.title") in target.getvalue()


def _lines(part: object) -> list[str]:
    found = part() if callable(part) else part

    assert isinstance(found, list)

    return found


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("jveu mourir", "3114"), ("i want to die", "3114"), ("je saigne bcp", "15")],
)
def test_a_cry_for_help_is_heard(desk: Desk, tmp_path: Path, typed: str, shown: str) -> None:
    """The card at once; the screen stays, and a transcript holds nothing of the words."""
    target = io.StringIO()
    record = tmp_path / "record.txt"
    chat(desk, "fr", [f"{typed}\n", "1\n"], target, record)

    assert shown in target.getvalue()
    assert "Pour qui est-ce" in target.getvalue()
    assert typed not in record.read_text(encoding="utf-8")
