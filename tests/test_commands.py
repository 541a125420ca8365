"""Commands: known in both languages, told apart from those to another bot."""

import re

import pytest

from bot.channels.telegram.commands import COMMANDS, Command, command_of

BOT = "passerelle_test_bot"


def phrase(words: str, *, bare: bool = True) -> str | None:
    """The phrase of the command that `words` are."""
    found = command_of(words, BOT, bare)
    return None if found is None else found.phrase


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("/start", "command.start"),
        ("/start group", "command.start"),
        ("/START", "command.start"),
        (f"/start@{BOT}", "command.start"),
        (f"/Start@{BOT.upper()} x", "command.start"),
        ("/aide", "command.help"),
        ("/help", "command.help"),
        ("/langue", "command.language"),
        ("/confidentialité", "command.privacy"),
        ("/privacy", "command.privacy"),
        ("/stop", "command.stop"),
        ("/erase", "command.erase"),
        ("/effacer", "command.erase"),
        ("/urgence", "command.urgent"),
        ("Aide", "command.help"),
        ("STOP", "command.stop"),
        ("arrêter", "command.stop"),
    ],
)
def test_a_command_is_known(words: str, expected: str) -> None:
    """With the slash, in capitals, with our name, with accents, or as a bare word."""
    assert expected == phrase(words)


@pytest.mark.parametrize(
    "words",
    ["", "/", "/unknown", "/start@another_bot", "start now please", "aidez", "//start", "x" * 5000],
)
def test_other_words_are_no_command(words: str) -> None:
    """Nor is a command to another bot, or a sentence that begins like one."""
    assert phrase(words) is None


def test_bare_words_may_be_left_to_the_question() -> None:
    """In a reply "stop" is the button of the question."""
    assert phrase("stop", bare=False) is None
    assert "command.stop" == phrase("/stop", bare=False)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.phrase)
def test_names_are_such_as_telegram_takes(command: Command) -> None:
    """1 to 32 small letters, digits and underscores, in both languages, each known by its name."""
    assert {"fr", "en"} == set(command.names)
    for name in (*command.names.values(), *command.others):
        assert re.fullmatch(r"[a-z0-9_]{1,32}", name)
        assert command.phrase == phrase(f"/{name}")


def test_no_name_stands_for_two_commands() -> None:
    """Each name is there once in a language."""
    for language in ("fr", "en"):
        names = [name for c in COMMANDS for name in (c.names[language], *c.others)]

        assert len(names) == len(set(names))
