"""The operator's settings: checked as a whole, named one by one."""

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from bot.settings import SettingsError, WebhookSettings, read_settings
from bot.variables import SETTINGS
from dialogs.catalogue import Operator

TOKEN = "12345:sample-secret-of-thirty-characters"  # noqa: S105 - a sample
LIVE = {
    "BOT_TOKEN": TOKEN,
    "WEB_URL": "https://passerelle.example.org/",
    "OPERATOR_NAME": "Hospital X",
    "OPERATOR_CONTACT": "+33 1 99 00 00 00",
    "DPO_CONTACT": "dpo@example.org",
    "OPERATOR_CHAT": "777",
}

HOOK = {
    "WEBHOOK_URL": "https://bot.example.org/in",
    "WEBHOOK_SECRET": "sample-secret-of-the-webhook",
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

    assert [
        "WEB_URL",
        "OPERATOR_NAME",
        "OPERATOR_CONTACT",
        "DPO_CONTACT",
        "WEB_PORT='many'",
        "BOT_TOKEN",
        "OPERATOR_CHAT",
    ] == [problem.split()[0] for problem in found]


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
    settings = read_settings({**LIVE, **HOOK})

    assert settings.telegram is not None
    assert TOKEN == settings.telegram.token
    assert "secret" not in repr(settings)
    assert "secret" not in str(settings)
    assert "secret" not in str(problems({"BOT_TOKEN": "secret", "DEMO": "1", "DEMO_CHATS": "*"}))
    assert "7261" not in str(problems({"BOT_TOKEN": TOKEN, "DEMO": "1", "DEMO_CHATS": "7261 7262"}))


def test_telegram_without_a_public_address_is_polled() -> None:
    """At Telegram's own server, for everybody."""
    telegram = read_settings(LIVE).telegram

    assert telegram is not None
    assert telegram.webhook is None
    assert telegram.chats is None
    assert "https://api.telegram.org" == telegram.api_url
    assert read_settings({}).telegram is None


def test_a_webhook_has_an_address_a_place_and_a_secret() -> None:
    """The path is the address's own; brackets around an IPv6 host are taken off."""
    hook = {**HOOK, "WEBHOOK_LISTEN": "[::1]:9000", "BOT_API_URL": "http://localhost:8082/"}
    telegram = read_settings({**LIVE, **hook}).telegram

    assert telegram is not None
    assert (
        WebhookSettings("https://bot.example.org/in", "::1", 9000, "/in", HOOK["WEBHOOK_SECRET"])
        == telegram.webhook
    )
    assert "http://localhost:8082" == telegram.api_url


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEBHOOK_URL", "bot.example.org"),
        ("WEBHOOK_URL", "ftp://bot.example.org/"),
        ("WEBHOOK_URL", "https://bot.example.org/?a=b"),
        ("WEBHOOK_LISTEN", "8081"),
        ("WEBHOOK_LISTEN", "127.0.0.1:0"),
        ("WEBHOOK_SECRET", ""),
        ("WEBHOOK_SECRET", "short"),
        ("WEBHOOK_SECRET", "x" * 257),
        ("WEBHOOK_SECRET", "with spaces in it, 16"),
        ("BOT_API_URL", "localhost"),
        ("WEB_URL", "https:///"),
        ("BOT_TOKEN", "12345"),
        ("DEMO", "yes"),
    ],
)
def test_a_wrong_telegram_setting_is_named(name: str, value: str) -> None:
    """By its name, with what it should be."""
    (problem,) = problems({**LIVE, **HOOK, name: value})

    assert problem.startswith(name)


def test_a_demonstration_on_telegram_says_who_may_talk() -> None:
    """Some chats, or all; nobody by mistake; a live service talks to all, whatever is said."""
    demo = {"BOT_TOKEN": TOKEN, "DEMO": "1"}
    some = read_settings({**demo, "DEMO_CHATS": "12, 34,"}).telegram
    everybody = read_settings({**demo, "DEMO_CHATS": "*"}).telegram
    live = read_settings({**LIVE, "DEMO_CHATS": "12"}).telegram
    (problem,) = problems(demo)

    assert some is not None
    assert everybody is not None
    assert live is not None
    assert frozenset({12, 34}) == some.chats
    assert everybody.chats is None
    assert live.chats is None
    assert problem.startswith("DEMO_CHATS is missing")
    assert not read_settings({**demo, "DEMO_CHATS": "*"}).live
    assert read_settings({**LIVE, "DEMO": "0"}).live


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
