"""The web page over real HTTP: what it answers, whatever it is sent."""

import logging
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic
from typing import cast
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.channels import forms
from bot.channels.qr import LONGEST, picture
from bot.channels.web import web_app
from bot.contact.post import Post
from bot.desk import Desk, Page
from bot.door import ANYWHERE, Entrance
from bot.settings import MailSettings
from bot.store.keyfiles import KeyFiles
from bot.store.records import Kind, State
from dialogs.catalogue import Catalogue
from dialogs.conversation.session import Session, Whom
from dialogs.conversation.speech import Speech
from dialogs.conversation.steps import Action, Step
from dialogs.conversation.view import Block, BlockKind, Button, View
from dialogs.wire.code import code_of
from tests.contact_fixtures import CENTRE, NCT
from tests.mail_fixtures import Mailbox
from tests.page_fixtures import Pages, stalled
from tests.web_fixtures import END, ONWARD, Screen, Served, serving

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SECRET = re.compile(r"[A-Za-z0-9_-]{22}")
CANARY = "zebra-07-99-00-11-22"


class PlainSpeech:
    """English as it stands in the code."""

    language = "en"

    def gettext(self, english: str) -> str:
        """The same text."""
        return english


@dataclass
class OneScreen:
    """A desk that shows one view whatever is pressed, or fails with what it was sent.

    `seen` holds what it was called with.
    """

    view: View
    erased: bool = False
    fails_on: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("fr", "en")
    seen: list[tuple[str, bytes, str]] = field(default_factory=list)
    entrances: dict[str, Entrance] = field(default_factory=dict)

    def _page(self, caller: str, binding: bytes, language: str, said: str) -> Page:
        self.seen.append((caller, binding, language))
        if caller in self.fails_on:
            raise ValueError(f"cannot digest {said}")
        tokens = tuple(f"token-{n}" for n, _ in enumerate(self.view.buttons()))
        return Page(self.view, tokens, "here", cast("Speech", PlainSpeech()), self.erased)

    def welcome(self, binding: bytes, language: str, by: Entrance) -> Page:
        """The view."""
        assert by == ANYWHERE

        return self._page("welcome", binding, language, CANARY)

    def press(self, binding: bytes, token: str, language: str) -> Page:
        """The view."""
        return self._page("press", binding, language, token)

    def moved(self, binding: bytes, page: Page) -> Page:
        """The view."""
        self.seen.append(("moved", binding, ""))
        return page

    def start_again(self, binding: bytes, language: str) -> Page:
        """The view."""
        return self._page("start_again", binding, language, CANARY)


VIEW = View(
    step=Step.RESULT,
    language="en",
    title="A title",
    blocks=(Block(BlockKind.TEXT, "A text."),),
    rows=((Button("Go on", Action.GO_ON),), ()),
    tools=(
        Button("Urgent help", Action.URGENT),
        Button("Français", Action.LANGUAGE, 0),
        Button("Erase", Action.ERASE),
    ),
)


def show(view: View) -> Screen:
    """The first page of a service that shows only `view`."""
    with one_screen(OneScreen(view)) as service:
        return service.ask()


def one_screen(desk: OneScreen) -> AbstractContextManager[Served]:
    """A running service over `desk`."""
    errors: list[BaseException] = []
    return serving(web_app(cast(Desk, desk), errors.append), errors)


def walk(served: Served, language: str, answer: int = 0) -> list[Screen]:
    """All screens from the welcome to a centre's contact details, by plain posts."""
    screens = [served.ask(path=f"/?lang={language}")]
    while screens[-1].step != END:
        assert len(screens) < 80, [screen.step for screen in screens]

        screen = screens[-1]
        wanted = ONWARD[screen.step]
        choices = [button for button in screen.buttons if button.action == wanted]
        picked = choices[answer if screen.step == "question" else 0]
        screens.append(served.post(screen, picked.token))
    return screens


def raw(port: int, sent: bytes) -> bytes:
    """What comes back when exactly `sent` is sent and the line is then left open."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(sent)
        received = b""
        while chunk := line.recv(65536):
            received += chunk
        return received


def test_a_fresh_page_carries_every_protective_header(served: Served) -> None:
    """The first page forbids all that it does not need, and sets no cookie."""
    headers = served.ask().headers

    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "set-cookie" not in headers
    assert "clear-site-data" not in headers


def test_every_answer_carries_the_policy(served: Served) -> None:
    """Errors and files are held to the same policy as pages."""
    answers = [
        served.ask(path="/nothing"),
        served.ask("POST", "/", b"x", FORM),
        served.ask(path="/static/passerelle.css"),
    ]

    assert all("content-security-policy" in answer.headers for answer in answers)
    assert all("set-cookie" not in answer.headers for answer in answers)


def test_two_visits_are_two_conversations(served: Served) -> None:
    """Each first page has its own secret, of 16 random bytes."""
    first, second = served.ask(), served.ask()

    assert SECRET.fullmatch(first.secret)
    assert first.secret != second.secret


@pytest.mark.parametrize(
    ("path", "accepted", "language"),
    [
        ("/?lang=en", "fr", "en"),
        ("/?lang=fr", "en", "fr"),
        ("/?lang=xx", "en-GB,en;q=0.9", "en"),
        ("/", "de-DE,de;q=0.9,en;q=0.8,fr;q=0.7", "en"),
        ("/", "fr;q=0.4, en;q=0.9", "en"),
        ("/", "en;q=0", "fr"),
        ("/", ";;q=,,\u00e9;q=x", "fr"),
        ("/", "", "fr"),
    ],
)
def test_the_language_is_guessed(served: Served, path: str, accepted: str, language: str) -> None:
    """The address decides, then the browser's preference, then French."""
    assert language == served.ask(path=path, headers={"Accept-Language": accepted}).language


def test_head_answers_without_a_body(served: Served) -> None:
    """A link checker gets the headers of the page only."""
    answer = served.ask("HEAD")

    assert answer.status == 200
    assert answer.html == ""
    assert answer.headers["cache-control"] == "no-store"


def test_a_press_is_repeatable(served: Served) -> None:
    """The same button pressed twice leads to the same screen."""
    first = served.ask()
    once, twice = served.press(first, "start"), served.press(first, "start")

    assert first.secret == once.secret
    assert (once.step, once.here, once.title) == (twice.step, twice.here, twice.title)
    assert first.step != once.step


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("answer", [0, -1])
def test_plain_posts_lead_to_a_centre(served: Served, language: str, answer: int) -> None:
    """Without any script a person comes to the end, in either language, whatever she answers."""
    screens = walk(served, language, answer)

    assert {language} == {screen.language for screen in screens}
    assert {200} == {screen.status for screen in screens}
    assert all(screen.title for screen in screens)


def test_no_page_needs_inline_code(served: Served) -> None:
    """No page holds a style attribute, an inline script, an event handler or a foreign address."""
    for screen in walk(served, "en"):
        for tag, found in screen.tags:
            assert tag != "style"
            assert tag != "script" or (found.get("src") or "").startswith("/static/")
            assert not [name for name in found if name == "style" or name.startswith("on")]


def test_here_draws_the_same_screen(served: Served) -> None:
    """The token kept for a reload leads back to the screen it came with."""
    for screen in walk(served, "fr"):
        again = served.post(screen, screen.here)

        assert (screen.step, screen.title, screen.here) == (again.step, again.title, again.here)


def test_a_button_of_another_page_is_dead(served: Served) -> None:
    """A token works only with the secret it was sealed to."""
    first, other = served.ask(), served.ask()
    mixed = served.post(other, first.button("start").token)

    assert mixed.status == 200
    assert served.press(first, "start").step != mixed.step
    assert other.secret == mixed.secret


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"", FORM),
        (b"", {}),
        (b"s=&t=", FORM),
        (b"t=abc", FORM),
        (b"s=" + b"x" * 23 + b"&t=abc", FORM),
        (b"s=" + b"x" * 4000 + b"&t=abc", FORM),
        (b"s=%ff%fe&t=%ff", FORM),
        (b"s=\xff\xfe&t=\xff", FORM),
        (b"s=../../etc/passwd&t=abc", FORM),
        (b"&" * 200, FORM),
        (b"a=1&" * 200, FORM),
        (b'{"s": "x", "t": "y"}', {"Content-Type": "application/json"}),
        (b"s=a&t=b", {"Content-Type": "text/plain"}),
        (b"--x\r\n\r\n", {"Content-Type": "multipart/form-data; boundary=x"}),
    ],
)
def test_nonsense_gets_the_friendly_page(
    served: Served, body: bytes, headers: dict[str, str]
) -> None:
    """Whatever is posted, the person gets a page from which she can start, with a new secret."""
    answer = served.ask("POST", "/", body, headers)

    assert answer.status == 200
    assert SECRET.fullmatch(answer.secret)
    assert answer.buttons
    assert served.press(answer, answer.buttons[0].action).status == 200


@pytest.mark.parametrize("token", ["", "A", "A" * 64, "é", "\x00", "-" * 7000])
def test_a_dead_token_gets_the_friendly_page(served: Served, token: str) -> None:
    """A forged, cut or missing token keeps the page's secret and starts again."""
    first = served.ask()
    answer = served.post(first, token)

    assert answer.status == 200
    assert first.secret == answer.secret
    assert answer.buttons


def test_a_huge_post_is_refused_unread(served: Served) -> None:
    """The announced length alone is enough to answer; nothing of the body is waited for."""
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    answer = raw(served.port, head + b"Content-Length: 1000000\r\n\r\ns=")

    assert answer.startswith(b"HTTP/1.1 413")
    assert b'name="t"' in answer


def test_a_huge_post_of_unknown_length_is_refused(served: Served) -> None:
    """A body that comes in pieces is read up to the limit and no further."""
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    piece = b"1000\r\n" + b"x" * 4096 + b"\r\n"
    answer = raw(served.port, head + piece * 3)

    assert answer.startswith(b"HTTP/1.1 413")


def test_a_body_that_never_comes_holds_nothing_open(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sender that stops half-way is answered after a while."""
    monkeypatch.setattr(forms, "_BODY_TIME", 0.1)
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nConnection: close\r\n\r\n"

    assert raw(served.port, head + b"s=").startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nothing"),
        ("GET", "/static/"),
        ("GET", "/static/page.html"),
        ("GET", "/static/..%2f..%2fchannels%2fweb.py"),
        ("GET", "/favicon.ico"),
        ("PUT", "/"),
        ("DELETE", "/"),
        ("POST", "/static/passerelle.css"),
    ],
)
def test_any_other_address_is_a_friendly_404(served: Served, method: str, path: str) -> None:
    """A wrong address is no dead end."""
    answer = served.ask(method, path)

    assert answer.status == 404
    assert answer.buttons


def test_files_may_be_kept_only_under_their_hash(served: Served) -> None:
    """The page names its files by content, and only that address may be kept for long."""
    tags = served.ask().tags
    paths = [found["href"] for tag, found in tags if tag == "link" and found["rel"] == "stylesheet"]
    paths += [found["src"] for tag, found in tags if tag == "script"]
    for path in paths:
        assert path

        kept, plain = served.ask(path=path), served.ask(path=path.partition("?")[0])

        assert 200 == kept.status == plain.status
        assert "immutable" in kept.headers["cache-control"]
        assert plain.headers["cache-control"] == "no-cache"
        assert kept.html == plain.html
    assert [
        served.ask(path=path or "").headers["content-type"].partition(";")[0] for path in paths
    ] == ["text/css", "text/javascript"]


def test_buttons_are_bound_to_the_page() -> None:
    """The desk is given the page's secret as what its tokens hang on, and the page's language."""
    desk = OneScreen(VIEW)
    with one_screen(desk) as service:
        first = service.ask(path="/?lang=en")
        service.press(first, "go_on")
        service.post(first, "")
    binding = b"web:" + first.secret.encode()

    assert desk.seen == [
        ("welcome", binding, "en"),
        ("press", binding, "en"),
        ("start_again", binding, "en"),
    ]


def test_an_error_stays_ours() -> None:
    """The person gets a page to go on from; what she sent appears nowhere."""
    with one_screen(OneScreen(VIEW, fails_on=("press",))) as service:
        answer = service.post(service.ask(), CANARY)

    assert answer.status == 500
    assert answer.buttons
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert CANARY not in answer.html
    assert [type(error).__name__ for error in service.errors] == ["ValueError"]


def test_even_a_broken_desk_leaves_a_page() -> None:
    """When nothing can be drawn, a last page in both languages still names the emergency number."""
    with one_screen(OneScreen(VIEW, fails_on=("welcome", "press", "start_again"))) as service:
        answer = service.ask()

    assert answer.status == 500
    assert "112" in answer.html
    assert len(service.errors) == 2


def test_server_and_framework_stay_silent(caplog: pytest.LogCaptureFixture) -> None:
    """An error of ours writes nothing of what was sent to any log, however talkative."""
    with (
        caplog.at_level(logging.DEBUG),
        one_screen(OneScreen(VIEW, fails_on=("press",))) as service,
    ):
        answer = service.post(service.ask(), CANARY)

    assert answer.status == 500
    assert CANARY not in caplog.text


def test_an_erased_page_has_a_secret_of_its_own(served: Served) -> None:
    """The old one is nowhere in it, and its buttons lead on; no other press changes the secret."""
    first = served.ask(path="/?lang=en")
    pages = {"": first}
    for action in ("start", "erase", "erase_now"):
        before = list(pages.values())[-1]
        token = next(one.token for one in before.buttons if one.action == action)
        pages[action] = served.post(before, token)
    erased = pages["erase_now"]

    assert {first.secret} == {pages[action].secret for action in ("start", "erase")}
    assert "erased" == erased.step
    assert SECRET.fullmatch(erased.secret)
    assert first.secret not in erased.html
    assert erased.title == served.post(erased, erased.here).title


def test_an_erased_page_empties_the_browser() -> None:
    """The answer that erases also clears cache and storage, and says so to the script."""
    with one_screen(OneScreen(VIEW, erased=True)) as service:
        answer = service.ask()

    assert answer.headers["clear-site-data"] == '"cache"'
    assert [found for tag, found in answer.tags if tag == "main" and "data-erased" in found]


def test_text_is_never_markup() -> None:
    """Whatever a text holds, it is shown as written."""
    nasty = "<script>alert('1')</script>\" onload=\"x"
    blocks = tuple(Block(kind, nasty, "https://example.org/" + nasty, nasty) for kind in BlockKind)
    rows = ((Button(nasty, Action.GO_ON),),)
    screen = show(
        replace(
            VIEW, title=nasty, blocks=blocks, rows=rows, banner=nasty, notice=nasty, progress=nasty
        )
    )

    assert nasty not in screen.html
    assert len([tag for tag, _ in screen.tags if tag == "script"]) == 1
    assert not [found for _, found in screen.tags if "onload" in found]


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", "http://x.example"])
def test_only_known_kinds_of_links_open(href: str) -> None:
    """A link of any other kind is shown as text."""
    screen = show(replace(VIEW, blocks=(Block(BlockKind.LINK, "A place", href),)))

    assert "A place" in screen.html
    assert href not in screen.html


@pytest.mark.parametrize(
    "href",
    ["tel:+33199000000", "sms:114", "mailto:a@example.org?body=x%20y", "https://example.org"],
)
def test_links_open_and_tell_nothing(href: str) -> None:
    """Known links open; one that leaves the page does so without naming where she came from."""
    screen = show(replace(VIEW, blocks=(Block(BlockKind.LINK, "A place", href),)))
    found = next(found for tag, found in screen.tags if tag == "a" and found.get("href") == href)

    assert ("noopener noreferrer" if href.startswith("https:") else None) == found.get("rel")


def test_like_blocks_make_one_list() -> None:
    """Entries that follow each other are one list, answers one list of questions and answers."""
    items = (Block(BlockKind.ITEM, "one"), Block(BlockKind.ITEM, "two"))
    answers = (Block(BlockKind.ANSWER, "q", detail="a"), Block(BlockKind.ANSWER, "r", detail="b"))
    screen = show(replace(VIEW, blocks=(*items, Block(BlockKind.TEXT, "between"), *answers)))
    tags = [tag for tag, _ in screen.tags]

    assert (tags.count("ul"), tags.count("li"), tags.count("dl"), tags.count("dd")) == (1, 2, 1, 2)


def test_a_label_in_another_language_says_so() -> None:
    """A screen reader pronounces the name of the other language rightly."""
    screen = show(VIEW)
    langs = {
        found.get("data-action"): found.get("lang")
        for tag, found in screen.tags
        if tag == "button" and found.get("name") == "t"
    }

    assert langs["language"] == "fr"
    assert langs["urgent"] is None


@pytest.mark.parametrize("bar", [(3, 11), None])
def test_progress_is_a_text_and_a_quiet_bar(bar: tuple[int, int] | None) -> None:
    """The bar repeats the two numbers of the text, if it has two, and is not read aloud again."""
    screen = show(replace(VIEW, progress="Question 3", bar=bar))
    bars = [found for tag, found in screen.tags if tag == "progress"]

    assert ([] if bar is None else [("3", "11")]) == [(one["value"], one["max"]) for one in bars]
    assert all(found["aria-hidden"] == "true" for found in bars)


def test_the_window_title_tells_no_question() -> None:
    """What lands in the browser's history names the service and the progress only."""
    screen = show(replace(VIEW, title="A question about health", progress="Question 3 of 11"))
    title = screen.html.partition("<title>")[2].partition("</title>")[0]

    assert title == "Question 3 of 11 – Passerelle"


def test_a_code_is_drawn_in_the_page() -> None:
    """A QR picture is part of the page, has words for it, and carries no style of its own."""
    block = Block(BlockKind.QR, "The study's record", "https://example.org/study")
    screen = show(replace(VIEW, blocks=(block,)))
    found = next(found for tag, found in screen.tags if tag == "svg" and found.get("role"))

    assert found["role"] == "img"
    assert "The study's record" in (found["aria-label"] or "")
    assert "style" not in found


def test_a_text_too_long_for_a_code_is_not_drawn() -> None:
    """An older phone could not read it."""
    assert picture("x" * LONGEST, "x") is not None
    assert picture("x" * (LONGEST + 1), "x") is None


def test_the_page_can_stand_below_another_path() -> None:
    """Behind a proxy that serves it under a path, form and files follow."""
    errors: list[BaseException] = []
    inner = web_app(cast(Desk, OneScreen(VIEW)), errors.append)
    with serving(Starlette(routes=[Mount("/chat", inner)]), errors) as service:
        screen = service.ask(path="/chat/")
        script = next(found["src"] for tag, found in screen.tags if tag == "script") or ""

        assert script.startswith("/chat/static/")
        assert service.ask(path=script).status == 200
    assert next(found["action"] for tag, found in screen.tags if tag == "form") == "/chat/?lang=en"


PREVIEW = Session(
    language="en", step=Step.PREVIEW, focus=CENTRE, whom=Whom.SELF, trial=1, tag=7_001
)


def test_a_confirm_from_a_network_that_crowds_in_is_not_sent_yet(shared: Pages) -> None:
    """It costs others no time; her next press sends it, and one that ends can be pressed again."""
    secret = "a-sample-secret-of-web"  # noqa: S105 - a sample
    code = code_of(PREVIEW.tag, 1, CENTRE, 0)
    confirm = shared.token(secret, PREVIEW, Action.CONFIRM)
    end = shared.token(secret, PREVIEW.at(Step.ENDING), Action.END_NOW)

    def step(token: str) -> str:
        body = urlencode({"s": secret, "t": token}).encode()
        return shared.served.ask("POST", "/?lang=en", body, FORM).step

    def crowded(token: str) -> str:
        with ThreadPoolExecutor(4) as threads, stalled():
            for _ in range(4):
                threads.submit(shared.post, "/receipt", r="0" * 16)
            shared.crowded(4)
            return step(token)

    assert "unsent" == crowded(confirm)
    assert shared.do(lambda: shared.store.request(code)) is None

    assert "sent" == step(confirm)

    assert "ended" != crowded(end)
    row = shared.do(lambda: shared.store.request(code))
    assert row is not None
    assert State.SENT is row.state

    assert "ended" == step(end)


def test_the_time_for_a_receipt_counts_as_her_time(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When eight seconds are over before the team's mail server is asked, it is asked no more."""
    secret = "a-sample-secret-of-web"  # noqa: S105 - a sample
    body = urlencode({"s": secret, "t": pages.token(secret, PREVIEW, Action.CONFIRM)}).encode()
    speech = pages.desk.catalogue.speeches["en"]
    with Mailbox() as box:
        settings = MailSettings("127.0.0.1", box.port, False, True, "passerelle@example.org")

        def bind() -> None:
            office = pages.office
            office.exchange.couriers[Kind.EMAIL] = Post(settings, lambda: speech)
            office.store.bind(NCT, CENTRE, Kind.EMAIL, "study-team@example.org")

        pages.do(bind)
        with monkeypatch.context() as patch:
            patch.setattr("bot.channels.web.monotonic", lambda: monotonic() - 9)
            late = pages.served.ask("POST", "/?lang=en", body, FORM).step

        assert "sent" != late
        assert [] == box.mails
        assert "sent" == pages.served.ask("POST", "/?lang=en", body, FORM).step
        assert 1 == len(box.mails)


def test_a_page_can_be_about_one_study(many: Catalogue, tmp_path: Path) -> None:
    """`?t=` is its number; without it the page is about all of them, and leads to a list."""
    desk = Desk(many, KeyFiles(tmp_path / "keys"))
    errors: list[BaseException] = []
    with serving(web_app(desk, errors.append), errors) as service:
        one = service.ask(path="/?lang=en&t=2")
        screen = service.ask(path="/?lang=en")

        assert "pionERA" in one.html
        assert "Studies open to new patients here: 3." in screen.html

        for action in ("start", "whom"):
            screen = service.press(screen, action)
        while screen.step == "question":
            assert "<progress" not in screen.html

            unsure = [b for b in screen.buttons if b.action == "answer"][-1]
            screen = service.post(screen, unsure.token)
        matches = service.press(screen, "result")

        assert "matches" == matches.step

        picked = service.press(matches, "pick")

        assert "result" == picked.step
        assert "matches" == service.press(picked, "back").step
