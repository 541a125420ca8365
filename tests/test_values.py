"""Texts of the environment as values."""

from collections.abc import Callable
from ipaddress import ip_network

import pytest

from bot import values


@pytest.mark.parametrize(
    ("cast", "text", "value"),
    [
        (values.port, "65535", 65535),
        (values.one_line, "Hôpital X", "Hôpital X"),
        (values.address, "https://x.example.org/path/", "https://x.example.org/path"),
        (values.host_and_port, "[::1]:80", ("::1", 80)),
        (values.bot_token, "12345:" + "a" * 30, "12345:" + "a" * 30),
        (values.secret, "a" * 16, "a" * 16),
        (values.seconds, "0.4", 0.4),
        (values.site, "http://localhost:8080/", "http://localhost:8080"),
        (values.secure_site, "https://x.example.org", "https://x.example.org"),
        (values.flag, "", False),
        (values.flag, "0", False),
        (values.flag, "1", True),
        (values.chats, "*", None),
        (values.chats, "", frozenset()),
        (values.chats, " 1 ,-2", frozenset({1, -2})),
        (values.channel, "@Essais_2026", "@Essais_2026"),
        (values.channel, "@" + "x" * 32, "@" + "x" * 32),
        (values.language, "fr", "fr"),
        (values.mail_address, "a@b.org", "a@b.org"),
        (values.mail_address, " Study.Team+x@Sub.example.org ", "Study.Team+x@Sub.example.org"),
        (values.mail_address, "a@hôpital.example", "a@xn--hpital-ixa.example"),
        (values.mail_address, f"{'a' * 64}@example.org", f"{'a' * 64}@example.org"),
        (values.networks, "", ()),
        (
            values.networks,
            "10.0.0.1, 192.168.0.0/16 ,::1",
            (ip_network("10.0.0.1"), ip_network("192.168.0.0/16"), ip_network("::1")),
        ),
        (
            values.mail_server,
            "smtps://mail.example.org",
            values.MailServer("mail.example.org", 465, tls=True, plain=False),
        ),
        (
            values.mail_server,
            "smtp://mail.example.org/",
            values.MailServer("mail.example.org", 587, tls=False, plain=False),
        ),
        (
            values.mail_server,
            "smtps://user%40example.org:a%2Fb%3Ac@mail.example.org:4650",
            values.MailServer(
                "mail.example.org",
                4650,
                tls=True,
                plain=False,
                user="user@example.org",
                password="a/b:c",  # noqa: S106 - a sample
            ),
        ),
    ],
)
def test_a_good_text_is_a_value(cast: Callable[[str], object], text: str, value: object) -> None:
    """As it is meant."""
    assert value == cast(text)


@pytest.mark.parametrize(
    ("cast", "text"),
    [
        (values.port, "0"),
        (values.port, "x"),
        (values.one_line, "a\nb"),
        (values.address, "x.example.org"),
        (values.address, "https://"),
        (values.address, "https://x.example.org/#a"),
        (values.site, "https://x.example.org/chat"),
        (values.site, "x.example.org"),
        (values.secure_site, "http://x.example.org"),
        (values.secure_site, "https://x.example.org/chat/"),
        (values.host_and_port, "80"),
        (values.host_and_port, "host:"),
        (values.bot_token, "12345:short"),
        (values.bot_token, "12345:" + "é" * 30),
        (values.secret, "a" * 15),
        (values.secret, "a" * 257),
        (values.seconds, "-1"),
        (values.seconds, "6"),
        (values.seconds, "nan"),
        (values.address, "https://user:pass@x.example.org"),
        (values.flag, "true"),
        (values.chats, "1;2"),
        (values.chats, "ana"),
        (values.channel, "essais"),
        (values.channel, "@abcd"),
        (values.channel, "@" + "x" * 33),
        (values.channel, "@essais-2026"),
        (values.channel, "@essais\n"),
        (values.channel, "https://t.me/essais"),
        (values.language, "de"),
        (values.language, ""),
        (values.networks, "10.0.0.1/8"),
        (values.networks, "proxy.example.org"),
        (values.networks, "*"),
        (values.mail_server, "mail.example.org"),
        (values.mail_server, "mail.example.org:587"),
        (values.mail_server, "http://mail.example.org"),
        (values.mail_server, "smtp://"),
        (values.mail_server, "smtp://mail.example.org:x"),
        (values.mail_server, "smtp://mail.example.org:70000"),
        (values.mail_server, "smtps://mail.example.org/inbox"),
        (values.mail_server, "smtps://mail.example.org?tls=no"),
        (values.mail_server, "smtps://user:a#b@mail.example.org"),
    ],
)
def test_a_wrong_text_is_an_error(cast: Callable[[str], object], text: str) -> None:
    """`ValueError`, so that the reader of the settings can name it."""
    with pytest.raises(ValueError):  # noqa: PT011 - the name is the reader's business
        cast(text)


@pytest.mark.parametrize(
    ("host", "plain"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("[::1]", True),
        ("10.0.0.1", False),
        ("localhost.example.org", False),
        ("127.0.0.1.example.org", False),
    ],
)
def test_only_this_computer_is_spoken_to_without_tls(host: str, plain: bool) -> None:
    """Whatever its name looks like; with smtps there is TLS in any case."""
    assert plain == values.mail_server(f"smtp://{host}").plain
    assert not values.mail_server(f"smtps://{host}").plain


def test_a_mail_servers_password_is_never_shown() -> None:
    """Nor its user, which often is somebody's address."""
    server = values.mail_server("smtps://user:secret@mail.example.org")

    assert ("user", "secret") == (server.user, server.password)
    assert "secret" not in repr(server)
    assert "user" not in repr(server)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "a",
        "a@",
        "@b.org",
        "a@b",
        "a@b@c.org",
        "a b@example.org",
        "a@exa mple.org",
        "A <a@example.org>",
        "<a@example.org>",
        "a@example.org,b@example.org",
        "a@example.org;b@example.org",
        "a@example.org\r\nBcc: b@example.org",
        "a\r\nBcc: b@example.org",
        "a@example.org\nx",
        "a@example.org\u2028x.org",
        '"a b"@example.org',
        "é@example.org",
        "a\u0000@example.org",
        "a@[127.0.0.1]",
        "a@127.0.0.1",
        "a@example..org",
        "a@.org",
        "a@-x.org",
        "a@x-.org",
        "a@example.org.",
        "a(comment)@example.org",
        f"{'a' * 65}@example.org",
        f"a@{'b' * 64}.org",
        f"a@{'bcdefghijk.' * 23}org",
    ],
)
def test_what_is_not_one_plain_address_is_refused(text: str) -> None:
    """No name, no second address, no line end, nothing that a mail server could read otherwise."""
    with pytest.raises(ValueError):  # noqa: PT011 - the name is the reader's business
        values.mail_address(text)
