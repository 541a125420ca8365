"""The operator's settings: checked as a whole, named one by one."""

from dataclasses import FrozenInstanceError
from ipaddress import ip_network
from pathlib import Path

import pytest

from bot.reading import SettingsError
from bot.settings import MailSettings, WebhookSettings, read_settings
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
    "TRUSTED_PROXY": "127.0.0.1",
}

HOOK = {
    "WEBHOOK_URL": "https://bot.example.org/in",
    "WEBHOOK_SECRET": "sample-secret-of-the-webhook",
}

MAIL = {
    "SMTP_URL": "smtps://user:sample%2Fsecret@mail.example.org",
    "SMTP_FROM": "passerelle@example.org",
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


def test_each_language_may_have_a_channel() -> None:
    """Both, one, or none; a wrong name is told with one that is right."""
    both = {"CHANNEL_FR": "@essais_fr", "CHANNEL_EN": "@studies_en"}

    assert {"fr": "@essais_fr", "en": "@studies_en"} == read_settings(both).channels
    assert {"en": "@studies_en"} == read_settings({"CHANNEL_EN": "@studies_en"}).channels
    assert {} == read_settings({}).channels
    assert [
        "CHANNEL_FR='essais' is no public channel: write its name such as @passerelle_essais"
    ] == problems({**both, "CHANNEL_FR": "essais"})


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
        "TRUSTED_PROXY",
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
        ("WEB_URL", "http://passerelle.example.org"),
        ("WEB_URL", "https://example.org/passerelle"),
        ("WEB_URL", "https://example.org/passerelle/"),
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


def test_a_mail_server_and_the_address_that_mail_comes_from() -> None:
    """Percent signs in a password stand for the characters they mean; nothing of it is shown."""
    settings = read_settings(MAIL)

    assert (
        MailSettings(
            "mail.example.org", 465, True, False, "passerelle@example.org", "user", "sample/secret"
        )
        == settings.mail
    )
    assert "secret" not in repr(settings)
    assert "user" not in repr(settings)
    assert read_settings({}).mail is None


def test_starttls_is_required_except_on_this_computer() -> None:
    """A server elsewhere never gets a letter, or a password, that others can read."""
    for host, plain in (("mail.example.org", False), ("127.0.0.1", True)):
        mail = read_settings({**MAIL, "SMTP_URL": f"smtp://{host}"}).mail

        assert mail is not None
        assert (587, False, plain) == (mail.port, mail.tls, mail.plain)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"SMTP_FROM": ""}, "SMTP_FROM='' is no e-mail address: SMTP_URL needs one"),
        ({"SMTP_FROM": "A <a@example.org>"}, "SMTP_FROM='A <a@example.org>' is no e-mail address"),
        ({"SMTP_URL": "http://user:secret@x.org"}, "SMTP_URL is no mail server: write smtps://"),
        (
            {"SMTP_URL": "", "OPERATOR_EMAIL": "operator@example.org"},
            "SMTP_URL is missing: OPERATOR_EMAIL needs a mail server",
        ),
        ({"OPERATOR_EMAIL": "operator"}, "OPERATOR_EMAIL='operator' is no e-mail address"),
        ({"STAFF_LANGUAGE": "de"}, "STAFF_LANGUAGE='de' is neither fr nor en"),
        ({"TRUSTED_PROXY": "proxy"}, "TRUSTED_PROXY='proxy' is no list of networks"),
        ({"OPERATOR_CHAT": "@operator"}, "OPERATOR_CHAT='@operator' is no chat"),
    ],
)
def test_a_wrong_setting_of_contact_is_named(change: dict[str, str], says: str) -> None:
    """Alone, with its mend; a password never."""
    (problem,) = problems({**LIVE, **MAIL, **change})

    assert problem.startswith(says)
    assert "secret" not in problem


def test_a_live_service_can_tell_its_operator() -> None:
    """That a centre stays silent: in a chat, by mail, or both."""
    without = {name: text for name, text in LIVE.items() if name != "OPERATOR_CHAT"}
    mailed = read_settings({**without, **MAIL, "OPERATOR_EMAIL": "operator@example.org"})
    chatted = read_settings(LIVE)
    (problem,) = problems(without)

    assert mailed.telegram is not None
    assert chatted.telegram is not None
    assert ("operator@example.org", None) == (mailed.operator_email, mailed.telegram.operator_chat)
    assert (None, 777) == (chatted.operator_email, chatted.telegram.operator_chat)
    assert problem.startswith("OPERATOR_CHAT and OPERATOR_EMAIL are missing: a live start needs")
    assert "operator@" not in repr(mailed)


def test_the_rest_of_contact_has_defaults() -> None:
    """A file beside the program, French staff, and no proxy that is believed."""
    found = read_settings({})
    told = read_settings(
        {"DB_FILE": "/var/p.db", "STAFF_LANGUAGE": "en", "TRUSTED_PROXY": "10.0.0.0/8, ::1"}
    )

    assert (Path("passerelle.db"), "fr", ()) == (found.db_file, found.staff_language, found.proxies)
    assert (Path("/var/p.db"), "en") == (told.db_file, told.staff_language)
    assert (ip_network("10.0.0.0/8"), ip_network("::1")) == told.proxies


@pytest.mark.parametrize("host", ["", "127.0.0.1", "::1", "localhost", "127.0.0.53"])
def test_a_live_page_behind_a_proxy_names_it(host: str) -> None:
    """Were it not named, all patients would share the limits of one network."""
    without = {**LIVE, "TRUSTED_PROXY": "", "WEB_HOST": host}
    (problem,) = problems(without)

    assert problem.startswith("TRUSTED_PROXY is missing: at WEB_HOST=")
    assert "set TRUSTED_PROXY=127.0.0.1,::1" in problem
    assert 2 == len(read_settings({**without, "TRUSTED_PROXY": "127.0.0.1,::1"}).proxies)
    assert () == read_settings({"WEB_HOST": host}).proxies


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "web.example.org"])  # noqa: S104
def test_a_live_page_that_others_reach_itself_needs_no_proxy(host: str) -> None:
    """Each network is seen as it is."""
    assert () == read_settings({**LIVE, "TRUSTED_PROXY": "", "WEB_HOST": host}).proxies


def test_the_public_address_is_a_host_alone() -> None:
    """A slash at its end does not count; on a computer at home http will do."""
    assert "https://passerelle.example.org" == read_settings(LIVE).web_url
    assert "http://localhost:8080" == read_settings({"WEB_URL": "http://localhost:8080/"}).web_url

    (problem,) = problems({"WEB_URL": "http://localhost:8080/chat"})

    assert "is no address of a host alone: write one such as https://host" in problem


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
