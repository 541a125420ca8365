"""A page of the dialogs as one HTML document."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.channels.assets import ASSETS, PAGES
from bot.channels.figures import whole
from bot.channels.qr import picture
from bot.channels.wordlist import SIX
from bot.contact.mailbox import new_receipt
from bot.desk import Page
from dialogs.conversation.session import LANGUAGE_OF
from dialogs.conversation.speech import Speech
from dialogs.conversation.steps import Action, Step
from dialogs.conversation.view import Block, BlockKind, Button, View
from dialogs.wire.code import CODE, grouped, normal

__all__ = ["LAST_RESORT", "document"]

#: What a link may open; anything else stays plain text.
_SCHEMES = ("https:", "tel:", "sms:", "mailto:")
#: Tools that stand above the screen; the others stand below it.
_ABOVE = (Action.URGENT, Action.LANGUAGE)

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(PAGES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters["whole"] = whole
_TEMPLATE = _ENVIRONMENT.get_template("page.html")

#: Shown only when the dialogs themselves cannot draw a page; hence without them, in both languages.
LAST_RESORT = """<!doctype html>
<html lang="fr">
<head><meta charset="utf-8"><title>Passerelle</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body>
<main>
<h1>Passerelle</h1>
<p>Une erreur est survenue. Rien n’a été gardé. Merci de réessayer dans quelques minutes.
En cas d’urgence médicale, appelez le 15 ou le 112.</p>
<p lang="en">Something went wrong. Nothing was kept. Please try again in a few minutes.
In a medical emergency, call 15 or 112.</p>
</main>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class _Choice:
    """A button as the template draws it."""

    label: str
    token: str
    action: str
    style: str
    lang: str | None  # of a label that is not in the page's language


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block as the template draws it: `href` only when it may be opened."""

    text: str
    detail: str | None
    href: str | None
    outside: bool
    picture: Markup | None
    change: _Choice | None = None  # the button that changes this answer


def document(page: Page, secret: str, base: str, site: str = "", note: str = "") -> str:
    """`page` as HTML.

    `secret` rides in a hidden field: without it no button of this page can be opened, and it is
    kept nowhere else. `base` is the address that the form posts to, `site` that of the page as
    people write it down; without it nothing can be shared. `note` is what she wrote elsewhere, for
    the field on her summary.
    """
    view = page.view
    own = view.step is Step.SUMMARY
    tokens = page.tokens
    changes, others = _changes(view)
    blocks = [_known(block, secret) for block in view.blocks]
    groups = _groups(blocks, base, page.speech)
    if changes:
        groups = [
            (kind, _changeable(page, tokens, pieces, changes) if kind == "answer" else pieces)
            for kind, pieces in groups
        ]
    rows = [[_choice(page, tokens, button) for button in row] for row in others]
    return _TEMPLATE.render(
        _=page.speech.gettext,
        view=view,
        step=view.step.name.lower(),
        groups=groups,
        rows=rows,
        above=[_choice(page, tokens, button) for button in view.tools if button.action in _ABOVE],
        below=[
            _choice(page, tokens, button) for button in view.tools if button.action not in _ABOVE
        ],
        bar=view.bar,
        here=page.here,
        site=site,
        erased=page.erased,
        secret=secret,
        base=base,
        own=own,
        note=note,
        shared=_shared(view) if own and site else "",
        six=SIX,
        words=base + ASSETS[f"words.{view.language}.txt"].path,
        sharing=base + ASSETS["share.js"].path,
        style=base + ASSETS["passerelle.css"].path,
        script=base + ASSETS["passerelle.js"].path,
    )


def _shared(view: View) -> str:
    """What somebody she trusts can see of `view`, as JSON: no button, and addresses as text."""
    blocks = [[one.kind.value, one.text, one.detail or one.href or ""] for one in view.blocks]
    told = {"lang": view.language, "title": view.title, "blocks": blocks}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _changes(view: View) -> tuple[list[Button], list[tuple[Button, ...]]]:
    """The buttons that change an answer, when each answer has one, and the other rows."""
    answers = sum(block.kind is BlockKind.ANSWER for block in view.blocks)
    changes = [row[0] for row in view.rows if [b.action for b in row] == [Action.CHANGE]]
    if len(changes) != answers:
        return [], [row for row in view.rows if row]
    return changes, [row for row in view.rows if row and row[0] not in changes]


def _changeable(
    page: Page, tokens: dict[Button, str], pieces: list[_Piece], changes: list[Button]
) -> list[_Piece]:
    """Answers with the buttons that change them: the two stand together, not in two lists."""
    return [
        replace(piece, change=_choice(page, tokens, button))
        for piece, button in zip(pieces, changes, strict=True)
    ]


def _choice(page: Page, tokens: dict[Button, str], button: Button) -> _Choice:
    lang = LANGUAGE_OF.get(button.arg) if button.action is Action.LANGUAGE else None
    return _Choice(
        label=button.label,
        token=tokens[button],
        action=button.action.name.lower(),
        style=button.style.value,
        lang=None if lang == page.view.language else lang,
    )


def _known(block: Block, secret: str) -> Block:
    """`block`; a receipt with its own characters, which only the secret of her page can give."""
    if block.kind is not BlockKind.RECEIPT:
        return block
    code = normal(block.detail or "", CODE) or ""
    return replace(block, detail=grouped(new_receipt(secret.encode(), code), 4))


def _groups(blocks: Iterable[Block], base: str, speech: Speech) -> list[tuple[str, list[_Piece]]]:
    """Blocks of the same kind that follow each other, together: they make one list."""
    return [
        (kind.value, [_piece(block, base, speech) for block in group])
        for kind, group in groupby(blocks, key=lambda block: block.kind)
    ]


def _piece(block: Block, base: str, speech: Speech) -> _Piece:
    href = block.href
    ours = href is not None and href.startswith("/")
    drawn = None
    if block.kind is BlockKind.QR and href:
        # Not inside the text: Babel looks into those on Python 3.12 and later alone.
        code = speech.gettext("QR code")
        drawn = picture(href, f"{code}: {block.text}")
    if href is not None and ours:
        href = f"{base}{href.lstrip('/')}?lang={speech.language}"
    opens = href is not None and (ours or href.startswith(_SCHEMES))
    return _Piece(
        text=block.text,
        detail=block.detail,
        href=href if opens else None,
        # Another page of ours opens beside the conversation too: she comes back to it as it was.
        outside=opens and href is not None and (ours or href.startswith("https:")),
        picture=drawn,
    )
