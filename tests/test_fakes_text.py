"""Texts and keyboards in the fake: what Telegram refuses is refused, in its words."""

from typing import Any

import pytest

from tests.fakes.html import parse_html, units
from tests.fakes.keyboard import inline_keyboard
from tests.fakes.links import checked, mentioned
from tests.fakes.params import Refused, canonical, decode
from tests.fakes.text import formatted, marked

Entity = dict[str, Any]


def html(text: str) -> tuple[str, list[Entity]]:
    """Text and entities of an HTML message."""
    return formatted(text, "HTML", [], [])


def refusal(text: str, parse_mode: str = "", entities: list[Any] | None = None) -> str:
    """Why a text is refused."""
    with pytest.raises(Refused) as caught:
        formatted(text, parse_mode, entities or [], [])
    assert 400 == caught.value.status
    return caught.value.description.removeprefix("Bad Request: ")


def entity(kind: str, offset: int, length: int, **more: Any) -> Entity:
    """One entity."""
    return {"type": kind, "offset": offset, "length": length} | more


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("<b>x</b>", "bold"),
        ("<STRONG>x</strong>", "bold"),
        ("<em >x</em >", "italic"),
        ("<ins>x</ins>", "underline"),
        ("<del>x</del>", "strikethrough"),
        ("<tg-spoiler>x</tg-spoiler>", "spoiler"),
        ('<span class="tg-spoiler">x</span>', "spoiler"),
        ("<code>x</code>", "code"),
        ("<pre>x</pre>", "pre"),
        ("<blockquote>x</blockquote>", "blockquote"),
        ("<blockquote expandable>x</blockquote>", "expandable_blockquote"),
        ("<i>x</>", "italic"),
    ],
)
def test_the_tags_of_telegram_become_entities(source: str, kind: str) -> None:
    """All of them, in any case."""
    assert ("x", [entity(kind, 0, 1)]) == html(source)


def test_nested_tags_and_characters_are_counted_in_utf_16() -> None:
    """A sign outside the first plane counts two."""
    text, entities = html("👍<b>a<i>b</i></b> &lt;&#233;&#xe9;&amp;&quot;&gt;")

    assert '👍ab <éé&">' == text
    assert [entity("bold", 2, 2), entity("italic", 3, 1)] == entities
    assert 4 == units("👍ab")


@pytest.mark.parametrize("source", ["&#0;", "&#xD800;", "&#x10FFFF;", "&#00000000065;", "& b"])
def test_references_to_no_character_stay(source: str) -> None:
    """As they are written."""
    assert source == html(source)[0]


def test_code_in_pre_says_its_language() -> None:
    """As one entity."""
    source = '<pre><code class="language-python">x</code></pre>'
    assert ("x", [entity("pre", 0, 1, language="python")]) == html(source)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("é<p>x</p>", 'Unsupported start tag "p" at byte offset 2'),
        ("x<br/>", 'Unsupported start tag "br/" at byte offset 1'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("1 <2", "Unclosed start tag at byte offset 2"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        (
            "<b><i>x</b></i>",
            'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
        ),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href='x'", 'Unclosed start tag "a" at byte offset 0'),
        ('<a "x">y</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
    ],
)
def test_bad_html_is_refused(source: str, reason: str) -> None:
    """With the place in bytes."""
    assert f"can't parse entities: {reason}" == refusal(source, "HTML")


def test_an_unknown_named_character_stays_and_is_noted() -> None:
    """The real server shows it; nobody wants that."""
    notes: list[str] = []

    assert "a&nbsp;b & c" == parse_html("a&nbsp;b & c", notes)[0]
    assert ["HTML: &nbsp; is shown as it stands"] == notes


@pytest.mark.parametrize(
    "url", ["tel:15", "sms:114", "mailto:a@example.org", "javascript:x", "http://localhost/", "15"]
)
def test_links_that_telegram_does_not_make_are_plain_text(url: str) -> None:
    """In HTML and as entities."""
    assert checked(url)
    assert ("x", []) == html(f'<a href="{url}">x</a>')
    assert ("x", []) == formatted("x", "", [entity("text_link", 0, 1, url=url)], [])


@pytest.mark.parametrize(
    "url", ["https://example.org/a?b=1&c=2#d", "http://example.org:8080", "tg://resolve?domain=x"]
)
def test_links_that_telegram_makes(url: str) -> None:
    """Web and app addresses."""
    assert "" == checked(url)
    source = url.replace("&", "&amp;")
    assert ("x", [entity("text_link", 0, 1, url=url)]) == html(f'<a href="{source}">x</a>')


def test_a_link_to_a_user_is_a_mention() -> None:
    """By its id."""
    assert 12 == mentioned("tg://user?id=12")
    text, entities = html('<a href="tg://user?id=12">x</a>')
    assert ("x", [entity("text_mention", 0, 1, user={"id": 12})]) == (text, entities)


def test_texts_are_trimmed_and_must_not_be_empty() -> None:
    """Blanks alone are nothing; offsets follow what goes in front."""
    assert "message text is empty" == refusal("")
    assert "text must be non-empty" == refusal(" \n\t ")
    assert "text must be non-empty" == refusal("<b> </b>", "HTML")
    assert ("a b", [entity("bold", 2, 1)]) == html("\n a <b>b </b>\r\n ")


def test_the_longest_text_is_4096_after_parsing() -> None:
    """Tags do not count, a sign of two units counts two."""
    assert 4096 == len(html(f"<b>{'x' * 4096}</b>")[0])
    assert "message is too long" == refusal("x" * 4097)
    assert "message is too long" == refusal("👍" * 2049)
    assert "text is too long" == refusal("<b></b>" * 5000, "HTML")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (5, "can't parse MessageEntity: expected an Object"),
        ({"type": "bold", "offset": 0}, 'can\'t parse MessageEntity: field "length" must be'),
        (entity("loud", 0, 1), "can't parse MessageEntity: unsupported type specified"),
        (entity("bold", -1, 1), "receive an entity with incorrect offset -1"),
        (entity("bold", 9, 1), "entity begins after the end of the text at UTF-16 offset 9"),
        (entity("bold", 2, 9), "entity beginning at UTF-16 offset 2 ends after the end of"),
        (entity("bold", 1, 1), "entity begins in a middle of a UTF-16 symbol"),
        (entity("bold", 0, 1), "entity beginning at UTF-16 offset 0 ends in a middle of"),
        (entity("text_link", 0, 2), "can't parse MessageEntity: can't find field \"url\""),
    ],
)
def test_bad_entities_are_refused(given: Any, reason: str) -> None:
    """Their places are checked against the text."""
    assert refusal("👍ab", "", [given]).startswith(reason)


def test_parse_modes_are_a_closed_list() -> None:
    """A typing error does not pass for plain text."""
    assert "unsupported parse_mode" == refusal("x", "HTLM")
    assert refusal("x", "MarkdownV2").endswith("this fake reads HTML only")
    assert ("<b>", []) == formatted("<b>", "", [], [])


def test_the_server_finds_entities_by_itself() -> None:
    """Commands, addresses, numbers; not inside code, and not where a bot says so itself."""
    text = "/start@a_bot anna@example.org https://example.org/x. @anna_m #tag +33 1 99 00 12 34"
    kinds = [item["type"] for item in marked(text)]

    assert ["bot_command", "email", "url", "mention", "hashtag", "phone_number"] == kinds
    assert entity("bot_command", 0, 12) == marked(text)[0]
    assert [] == marked("1/2 a/b 15 112")
    assert [entity("code", 0, 6)] == html("<code>/start</code>")[1]
    assert [] == formatted("a b", "", [entity("bot_command", 0, 1)], [])[1]


def keyboard_refusal(button: Any) -> str:
    """Why a keyboard of this one button is refused."""
    with pytest.raises(Refused) as caught:
        inline_keyboard({"inline_keyboard": [[button]]}, [])
    return caught.value.description.removeprefix("Bad Request: ")


UNREAD = "can't parse inline keyboard button: "


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ("A", UNREAD + "InlineKeyboardButton must be an Object"),
        ({"callback_data": "a"}, UNREAD + 'field "text" must be of type String'),
        ({"text": " ", "callback_data": "a"}, "inline keyboard button text must be non-empty"),
        ({"text": "A"}, UNREAD + "text buttons are unallowed in the inline keyboard"),
        (
            {"text": "A", "callback_data": ""},
            UNREAD + "text buttons are unallowed in the inline keyboard",
        ),
        ({"text": "A", "callback_data": "x" * 65}, "BUTTON_DATA_INVALID"),
        ({"text": "A", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "A", "callback_data": 5}, UNREAD + 'field "callback_data" must be of type'),
        ({"text": "A", "callback_data": "a", "url": "https://a.fr"}, "BUTTON_TYPE_INVALID"),
        ({"text": "A", "url": "tel:15"}, "BUTTON_URL_INVALID"),
        ({"text": "A", "url": "a.fr"}, "BUTTON_URL_INVALID"),
        (
            {"text": "A", "url": "http://localhost"},
            "inline keyboard button URL 'http://localhost' is invalid: Wrong HTTP URL",
        ),
        ({"text": "A", "copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "A", "copy_text": {"text": ""}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "A", "copy_text": "x"}, UNREAD + 'field "copy_text" must be an Object'),
        ({"text": "A", "callback_data": "a", "style": "red"}, UNREAD + "invalid button style"),
        ({"text": "A", "callback_data": "a", "style": "Primary"}, UNREAD + "invalid button style"),
        ({"text": "A", "url": 5}, UNREAD + 'field "url" must be of type String'),
        ({"text": "A", "switch_inline_query": 5}, UNREAD + 'field "switch_inline_query" must be'),
        ({"text": "A", "pay": True}, "BUTTON_TYPE_INVALID"),
        ({"text": "A", "web_app": {"url": "http://a.fr"}}, "inline keyboard button URL"),
    ],
)
def test_bad_buttons_are_refused(button: Any, reason: str) -> None:
    """One action each, within its limits."""
    assert keyboard_refusal(button).startswith(reason)


@pytest.mark.parametrize(
    "button",
    [
        {"text": "A", "callback_data": "x" * 64, "style": "danger"},
        {"text": "A", "callback_data": "é" * 32},
        {"text": "A", "url": "https://example.org/"},
        {"text": "A", "url": "tg://user?id=5"},
        {"text": "A", "copy_text": {"text": "x" * 256}, "style": "success"},
        {"text": "A", "switch_inline_query": ""},
    ],
)
def test_good_buttons_stay_as_they_are(button: Any) -> None:
    """At the limits, too."""
    notes: list[str] = []

    assert [[button]] == inline_keyboard({"inline_keyboard": [[button], []]}, notes)
    assert [] == notes


def test_keyboards_have_their_size_and_form() -> None:
    """A hundred buttons, eight a row; rows are lists."""
    button = {"text": "A", "callback_data": "a"}
    full = [[button] * 8] * 12 + [[button] * 4]
    assert full == inline_keyboard({"inline_keyboard": full}, [])
    for rows, reason in (
        ([*full, [button]], "reply markup is too long"),
        ([[button] * 9], "reply markup is too long"),
        ([button], 'field "inline_keyboard" must be an Array of Arrays'),
        (button, 'field "inline_keyboard" must be an Array of Arrays'),
    ):
        with pytest.raises(Refused, match=reason):
            inline_keyboard({"inline_keyboard": rows}, [])


def test_other_markups_are_for_new_messages_only() -> None:
    """An edit takes inline keyboards."""
    assert [] == inline_keyboard({"force_reply": True}, [])
    with pytest.raises(Refused, match="inline keyboard expected"):
        inline_keyboard({"force_reply": True}, [], edit=True)


def test_what_a_keyboard_would_lose_in_silence_is_noted() -> None:
    """Misspelt fields."""
    notes: list[str] = []
    inline_keyboard({"inline_keybord": []}, notes)
    inline_keyboard({"inline_keyboard": [[{"text": "A", "callback_data": "a", "stile": 1}]]}, notes)

    assert [
        "reply_markup: no known kind in ['inline_keybord']",
        "button 'A': unknown ['stile']",
    ] == (notes)


def test_parameters_come_in_three_kinds_of_body() -> None:
    """JSON, a form, or a form in parts, with the query; each gives the same."""
    wanted = {"chat_id": 5, "text": "é", "show_alert": True, "reply_markup": {"a": []}}
    parts = b"".join(
        f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in (("text", "é"), ("show_alert", "true"), ("reply_markup", '{"a":[]}'))
    )
    document = b'{"chat_id":5,"text":"\xc3\xa9","show_alert":true,"reply_markup":"{\\"a\\":[]}"}'
    form = b"chat_id=5&text=%C3%A9&show_alert=true&reply_markup=%7B%22a%22:[]%7D"
    for kind, body, query in (
        ("application/json; charset=utf-8", document, ""),
        ("application/x-www-form-urlencoded", form, ""),
        ("multipart/form-data; boundary=B", parts + b"--B--\r\n", "chat_id=5"),
    ):
        assert (wanted, None) == canonical(decode(kind, body, query))
    assert {} == decode("text/plain", document)
    assert ({"reply_markup": {}, "entities": []}, None) == canonical(
        {"reply_markup": "", "entities": ""}
    )
    file = b'--B\r\nContent-Disposition: form-data; name="f"; filename="a.pdf"\r\n\r\n\xff\r\n--B--'
    sent = decode("multipart/form-data; boundary=B", file)["f"]
    assert ("a.pdf", 1) == (sent["file"], len(sent["content"]))


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"[]"),
        ("application/json", b'{"text": "\xff"}'),
        ("application/json", b'{"text": "\\ud800"}'),
        ("application/x-www-form-urlencoded", b"text=%FF"),
        ("multipart/form-data", b"text"),
    ],
)
def test_bodies_that_cannot_be_read_are_refused(kind: str, body: bytes) -> None:
    """What is not JSON, not an object or not UTF-8."""
    with pytest.raises(Refused):
        decode(kind, body)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("text", 5, "text must be a String"),
        ("message_id", "five", "message_id must be an Integer"),
        ("message_id", 5.0, "message_id must be an Integer"),
        ("message_id", True, "message_id must be an Integer"),
        ("chat_id", [5], "chat_id must be an Integer"),
        ("show_alert", "perhaps", "show_alert must be a Boolean"),
        ("show_alert", 1, "show_alert must be a Boolean"),
        ("reply_markup", [], "object expected as reply markup"),
        ("reply_markup", "{", "can't parse reply markup JSON object"),
        ("entities", {}, "an Array expected as entities"),
    ],
)
def test_values_of_other_types_are_refused(name: str, value: Any, reason: str) -> None:
    """And stay as they were sent, to be looked at."""
    values, error = canonical({name: value})

    assert {name: value} == values
    assert f"Bad Request: {reason}" == str(error)
