"""The operator's settings: checked as a whole, named one by one."""

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from bot.settings import SETTINGS, SettingsError, read_settings
from dialogs.catalogue import Operator

LIVE = {
    "BOT_TOKEN": "12345:secret",
    "OPERATOR_NAME": "Hospital X",
    "OPERATOR_CONTACT": "+33 1 99 00 00 00",
    "DPO_CONTACT": "dpo@example.org",
}


def problems(environment: dict[str, str]) -> list[str]:
    """What is wrong with `environment`."""
    with pytest.raises(SettingsError) as caught:
        read_settings(environment)

    assert "\n".join(caught.value.problems) == str(caught.value)

    return caught.value.problems


def test_without_any_variable_it_is_the_demonstration() -> None:
    """On this machine only, with nobody named as operator."""
    settings = read_settings({})

    assert not settings.live
    assert ("127.0.0.1", 8080) == (settings.web_host, settings.web_port)
    assert Path("keys") == settings.keys_dir
    assert settings.operator is None


def test_a_token_makes_it_live() -> None:
    """With everything that a live service needs."""
    settings = read_settings(LIVE)

    assert settings.live
    assert Operator("Hospital X", "+33 1 99 00 00 00", "dpo@example.org") == settings.operator


def test_every_variable_is_read() -> None:
    """Host, port and folder; spaces around a value do not count."""
    settings = read_settings(
        {"WEB_HOST": " ::1 ", "WEB_PORT": "9", "KEYS_DIR": "/var/keys", "OPERATOR_NAME": "X"}
    )

    assert ("::1", 9, Path("/var/keys")) == (
        settings.web_host,
        settings.web_port,
        settings.keys_dir,
    )
    assert settings.operator == Operator("X", "—", "—")


@pytest.mark.parametrize("name", ["OPERATOR_NAME", "OPERATOR_CONTACT", "DPO_CONTACT"])
@pytest.mark.parametrize("value", [None, "", "   "])
def test_a_live_start_needs_to_say_who_answers_for_it(name: str, value: str | None) -> None:
    """A missing, empty or blank one is named, and nothing else is."""
    environment = {key: text for key, text in LIVE.items() if key != name}
    if value is not None:
        environment[name] = value
    (problem,) = problems(environment)

    assert problem.startswith(f"{name} is missing: a live start needs it. ")


def test_all_problems_are_named_at_once() -> None:
    """Nobody has to start five times to see five mistakes."""
    found = problems({"BOT_TOKEN": "x", "WEB_PORT": "many"})

    assert ["OPERATOR_NAME", "OPERATOR_CONTACT", "DPO_CONTACT", "WEB_PORT='many'"] == [
        problem.split()[0] for problem in found
    ]


@pytest.mark.parametrize("port", ["0", "-1", "65536", "http", "80 80", "8080.0", "1e3"])
def test_a_wrong_port_is_named_with_its_mend(port: str) -> None:
    """What it is, and what it may be."""
    (problem,) = problems({"WEB_PORT": port})

    assert f"WEB_PORT={port!r} is no port: set a number from 1 to 65535" in problem


@pytest.mark.parametrize("port", ["1", "65535", "8080"])
def test_a_port_is_a_number(port: str) -> None:
    """From the first to the last."""
    assert int(port) == read_settings({"WEB_PORT": port}).web_port


@pytest.mark.parametrize("name", ["OPERATOR_NAME", "OPERATOR_CONTACT", "DPO_CONTACT"])
@pytest.mark.parametrize("value", ["x" * 201, "two\nlines", "bell\x07", "\u202eback"])
def test_what_patients_read_is_one_plain_line(name: str, value: str) -> None:
    """Too long, several lines, or signs that cannot be seen."""
    (problem,) = problems({name: value})

    assert problem.startswith(f"{name}={value!r} is too long or not one line")


def test_the_token_is_never_shown() -> None:
    """Not even by accident, in a traceback or a log."""
    settings = read_settings(LIVE)

    assert "12345:secret" == settings.bot_token
    assert "secret" not in repr(settings)
    assert "secret" not in str(settings)


def test_other_variables_are_not_looked_at() -> None:
    """Only those of the table."""
    assert read_settings({}) == read_settings({"WEBPORT": "x", "HOME": "/", "web_port": "x"})
    assert len(SETTINGS) == len({setting.name for setting in SETTINGS})
    assert all(setting.meaning.endswith(".") for setting in SETTINGS)


def test_settings_cannot_be_changed() -> None:
    """They are read once."""
    name = "live"
    with pytest.raises(FrozenInstanceError):
        setattr(read_settings({}), name, True)
