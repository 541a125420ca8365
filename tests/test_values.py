"""Texts of the environment as values."""

from collections.abc import Callable

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
        (values.flag, "", False),
        (values.flag, "0", False),
        (values.flag, "1", True),
        (values.chats, "*", None),
        (values.chats, "", frozenset()),
        (values.chats, " 1 ,-2", frozenset({1, -2})),
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
    ],
)
def test_a_wrong_text_is_an_error(cast: Callable[[str], object], text: str) -> None:
    """`ValueError`, so that the reader of the settings can name it."""
    with pytest.raises(ValueError):  # noqa: PT011 - the name is the reader's business
        cast(text)
