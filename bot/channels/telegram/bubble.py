"""A screen as a Telegram message: its text as Telegram's HTML, its buttons as a keyboard.

What is sent, not edited, may be shown on a locked phone: it begins with a line of 60 characters or
more that names no illness, unless the view itself begins that way.
"""

from functools import lru_cache
from html import escape
from typing import Any

from bot.desk import Page
from dialogs.conversation.view import Block, BlockKind, Style, View

__all__ = ["LIMIT", "bubble", "html", "notice"]

#: Characters of a message, counted without the marks, as Telegram counts.
LIMIT = 4096
_TOOLS_PER_ROW = 2
_STYLES = {Style.PRIMARY: "primary", Style.DANGER: "danger"}
_NO_PREVIEW = {"is_disabled": True}


@lru_cache(maxsize=8192)
def _safe(text: str) -> str:
    """`text` with Telegram's three marks escaped; remembered, as all texts are the catalogue's."""
    return escape(text, quote=False)


def _block(block: Block, colon: str) -> str:
    if block.kind is BlockKind.QUOTE:
        # Somebody's own words: never remembered. Expandable marks them apart from all our notes.
        words = escape(block.text, quote=False)
        return f"<blockquote expandable>{words}</blockquote>"
    text = _safe(block.text)
    match block.kind:
        case BlockKind.HEADING:
            return f"<b>{text}</b>"
        case BlockKind.ITEM:
            return f"• {text}\n{_safe(block.detail)}" if block.detail else f"• {text}"
        case BlockKind.ANSWER:
            return f"{text}{colon} <b>{_safe(block.detail or '')}</b>"
        case BlockKind.NOTE:
            return f"<blockquote>{text}</blockquote>"
        case BlockKind.COPY:
            return f"<pre>{text}</pre>"
        case BlockKind.LINK | BlockKind.QR:
            href = block.href or ""
            # Telegram links no telephone numbers and no e-mails; the words name them.
            return f'<a href="{escape(href)}">{text}</a>' if href.startswith("http") else text
        case _:
            return text


def html(view: View, lead: str | None = None) -> str:
    """The words of a view; `lead` is a first line of its own."""
    parts = [] if lead is None else [_safe(lead)]
    title = f"<b>{_safe(view.title)}</b>"
    parts.append(f"{title}\n{_safe(view.progress)}" if view.progress else title)
    if view.notice:
        parts.append(f"<blockquote>{_safe(view.notice)}</blockquote>")
    colon = "\u00a0:" if view.language == "fr" else ":"
    tight = False
    for block in view.blocks:
        text = _block(block, colon)
        close = block.kind in (BlockKind.ITEM, BlockKind.ANSWER)
        if close and tight:
            parts[-1] += f"\n{text}"
        else:
            parts.append(text)
        tight = close
    if view.banner:
        parts.append(f"<i>{_safe(view.banner)}</i>")
    return "\n\n".join(parts)


def _keyboard(page: Page) -> list[list[dict[str, str]]]:
    tokens = iter(page.sealed)
    tools = page.view.tools
    rows = [*page.view.rows]
    rows += [tools[at : at + _TOOLS_PER_ROW] for at in range(0, len(tools), _TOOLS_PER_ROW)]
    keys = []
    for row in rows:
        line = []
        for button in row:
            key = {"text": button.label, "callback_data": next(tokens)}
            if button.style is not Style.PLAIN:
                key["style"] = _STYLES[button.style]
            line.append(key)
        keys.append(line)
    if page.way is not None:
        way = {"text": page.speech.say("summary.web"), "url": page.way}
        # Below what this screen itself can do, above the tools.
        keys.insert(len(page.view.rows), [way])
    return keys


def bubble(page: Page, lead: str | None = None) -> dict[str, Any]:
    """The text and buttons of a message that shows `page`."""
    return {
        "text": html(page.view, lead),
        "parse_mode": "HTML",
        "link_preview_options": _NO_PREVIEW,
        "reply_markup": {"inline_keyboard": _keyboard(page)},
    }


def notice(text: str, label: str | None = None, url: str | None = None) -> dict[str, Any]:
    """A message of plain words, with one link under it if there is a `url`."""
    message: dict[str, Any] = {"text": text, "link_preview_options": _NO_PREVIEW}
    if url is not None:
        message["reply_markup"] = {"inline_keyboard": [[{"text": label or url, "url": url}]]}
    return message
