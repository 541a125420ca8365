"""Pages beside the conversation: plain forms for study centres, and her letter box.

Nothing that is secret stands in an address: it rides in the fields of a form, or behind a `#`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.channels.assets import ASSETS, PAGES
from bot.channels.forms import accepted, body_of, crowd_of, fields_of
from bot.desk import Desk
from bot.values import Network
from dialogs.conversation.speech import Speech

__all__ = ["Post", "Sheets"]

#: Bytes of a form: a text of 1,000 characters is 12,000 when each of them is escaped.
_LIMIT = 32_768

_TEMPLATES = Environment(
    loader=FileSystemLoader(PAGES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True, repr=False)
class Post:
    """A form that was sent: its fields, the language to answer in, and the network it came from."""

    request: Request
    fields: Mapping[str, str]
    language: str
    crowd: bytes

    def words(self, name: str) -> str:
        """A field as somebody typed it, with one kind of line end and no control characters."""
        text = self.fields.get(name, "").replace("\r\n", "\n").replace("\r", "\n")
        return "".join(c for c in text if c == "\n" or c.isprintable() or c in "\t\u00ad").strip()

    def pasted(self, name: str) -> str:
        """A field that holds a key, perhaps with its whole address, and broken into lines."""
        text = "".join(self.fields.get(name, "").split())
        return urlsplit(text).fragment if text.startswith("http") else text.lstrip("#")


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
        """A page; `kept` among the values of its template are fields that each form carries on."""
        speech = self.speech(language)
        base = request.scope.get("root_path", "") + "/"
        others = {one: speech.names[one] for one in self._desk.languages if one != language}
        # A form that was too long came halfway: the connection can serve no other request.
        headers = {"Connection": "close"} if status == 413 else {}
        content = _TEMPLATES.get_template(template).render(
            _=speech.gettext,
            say=speech.say,
            date=speech.date,
            language=language,
            others=others,
            base=base,
            here=base + template.removesuffix(".html"),
            demonstration=self._desk.catalogue.demonstration,
            style=base + ASSETS["passerelle.css"].path,
            script=base + ASSETS["key.js"].path,
            **{"kept": {}, **values},
        )
        return HTMLResponse(content, status_code=status, headers=headers)
