"""Pages beside the conversation: plain forms for study centres, and her letter box.

Nothing that is secret stands in an address: it rides in the fields of a form, or behind a `#`.
"""

import asyncio
import re
import secrets
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any
from unicodedata import category

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.channels.assets import ASSETS, PAGES
from bot.channels.figures import together, whole
from bot.channels.forms import accepted, body_of, crowd_of, fields_of
from bot.channels.paste import key_in
from bot.contact.exchange import Told
from bot.desk import Desk
from bot.values import Network
from dialogs.conversation.speech import Speech

__all__ = ["Once", "Post", "Sheets"]

#: Bytes of a form. A text of 1,000 characters takes 12,000 when each of them is escaped; one that
#: is far too long comes back to be shortened, so it has to be read.
_LIMIT = 262_144
#: Control and format characters, and halves of characters; and those of them that texts need: a
#: soft hyphen, and what joins letters and emoji or keeps them apart.
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
_NEEDED = "\n\t\u00ad\u200c\u200d"
#: The number of a form that acts, and how many of them are remembered.
_NUMBER = re.compile(r"[A-Za-z0-9_-]{22}")
_REMEMBERED = 1000

#: What the templates know of every page: `writing` is true where there is a field for a text,
#: `again` the deed that a change of language comes back to, `over` true on a page after which the
#: earlier ones are forgotten.
_UNLESS_SAID: dict[str, Any] = {
    "kept": {}, "text": "", "writing": False, "again": "", "over": False,
}  # fmt: skip

_TEMPLATES = Environment(
    loader=FileSystemLoader(PAGES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters["whole"] = whole


@dataclass(frozen=True, slots=True, repr=False)
class Post:
    """A form that was sent: its fields, the language to answer in, and the network it came from."""

    request: Request
    fields: Mapping[str, str]
    language: str
    crowd: bytes

    def words(self, name: str) -> str:
        """A field as somebody typed it, with one kind of line end and no control characters."""
        text = "\n".join(self.fields.get(name, "").splitlines())
        return "".join(c for c in text if c in _NEEDED or category(c) not in _UNSEEN).strip()

    def pasted(self, name: str) -> str:
        """The key in a field, whatever was pasted along with it."""
        return key_in(self.fields.get(name, ""))


class Once:
    """Forms that act: one that is sent again, by a reload or a double click, acts no more.

    Random numbers of forms, in memory only.
    """

    def __init__(self) -> None:
        self._acting: dict[str, asyncio.Task[Told]] = {}
        self._acted: deque[str] = deque(maxlen=_REMEMBERED)

    async def act(self, post: Post, work: Callable[[], Coroutine[Any, Any, Told]]) -> Told:
        """What comes of `work`; ALREADY, without it, when this form has done it.

        A form that is sent again while it acts gets what comes of that, whatever it is.
        """
        number = post.fields.get("once", "")
        if not _NUMBER.fullmatch(number):
            return await work()
        if number in self._acted:
            return Told.ALREADY
        if number not in self._acting:
            self._acting[number] = asyncio.create_task(self._done(number, work))
        # Whoever presses twice leaves the first press alone, which must not call the work off.
        return await asyncio.shield(self._acting[number])

    async def _done(self, number: str, work: Callable[[], Coroutine[Any, Any, Told]]) -> Told:
        try:
            told = await work()
            if told is Told.DONE:
                self._acted.append(number)
            return told
        finally:
            del self._acting[number]


class Sheets:
    """Reads forms and draws pages."""

    def __init__(self, desk: Desk, proxies: tuple[Network, ...]) -> None:
        self._desk = desk
        self._proxies = proxies

    def speech(self, language: str) -> Speech:
        """How people are spoken to in a language."""
        return self._desk.catalogue.speeches[language]

    async def posted(self, request: Request) -> Post | None:
        """The form of a request; None when it is too long."""
        body = await body_of(request, _LIMIT)
        if body is None:
            return None
        fields = fields_of(request, body)
        crowd = crowd_of(request, self._proxies)
        return Post(request, fields, self.language(request, fields), crowd)

    def refuse(self, request: Request) -> Response:
        """The answer to a form that was not read, as it is too long."""
        place = request.url.path.removeprefix(request.scope.get("root_path", "")).lstrip("/")
        return self.draw("vast.html", request, self.language(request, {}), 413, place=place)

    def language(self, request: Request, fields: Mapping[str, str]) -> str:
        """What was chosen on the page, asked for in the address, or set in the browser."""
        chosen = (fields.get("lang"), request.query_params.get("lang"))
        browser = accepted(request.headers.get("accept-language", ""))
        for language in (*chosen, *browser):
            if language in self._desk.languages:
                return str(language)
        return "fr"

    def draw(
        self, template: str, request: Request, language: str, status: int = 200, /, **values: Any
    ) -> Response:
        """A page; `kept` and `text` among its values are what each of its forms carries on.

        Its forms post to the address with the name of the template, or to `place` below the base.
        """
        speech = self.speech(language)
        base = request.scope.get("root_path", "") + "/"
        others = {one: speech.names[one] for one in self._desk.languages if one != language}
        # A form that was too long came halfway: the connection can serve no other request.
        headers = {"Connection": "close"} if status == 413 else {}
        place = values.pop("place", template.removesuffix(".html"))
        content = _TEMPLATES.get_template(template).render(
            _=speech.gettext,
            say=speech.say,
            date=lambda day: together(speech.date(day)),
            language=language,
            others=others,
            base=base,
            here=f"{base}{place}?lang={language}",
            once=secrets.token_urlsafe(16),
            demonstration=self._desk.catalogue.demonstration,
            style=base + ASSETS["passerelle.css"].path,
            script=base + ASSETS["key.js"].path,
            **_UNLESS_SAID | values,
        )
        return HTMLResponse(content, status_code=status, headers=headers)
