"""The summary for the oncologist on paper: what its screen says, set for a doctor's eyes."""

from typing import Any

from bot.outreach.codes import code_svg
from bot.outreach.press import pdf
from dialogs.conversation.speech import Speech
from dialogs.conversation.view import Block, BlockKind, View

__all__ = ["summary_pdf"]

_QR = "qr.svg"


def _block(block: Block) -> dict[str, str]:
    return {"kind": block.kind.value, "text": block.text, "detail": block.detail or ""}


def summary_pdf(view: View, speech: Speech, note: str = "") -> bytes:
    """`view`, a summary, as PDF; `note` are her own words.

    Notes of the screen, which say how to use the chat, stay out; so do its buttons.
    """
    code = next((block for block in view.blocks if block.kind is BlockKind.QR), None)
    shown = (block for block in view.blocks if block.kind not in (BlockKind.QR, BlockKind.NOTE))
    data: dict[str, Any] = {
        "lang": view.language,
        "title": view.title,
        "banner": view.banner or "",
        "blocks": [_block(block) for block in shown],
        "notes": speech.say("summary.notes"),
        "note": note,
        "link": "" if code is None else (code.href or ""),
    }
    pictures = {_QR: code_svg(code.href, border=0)} if code is not None and code.href else {}
    return pdf("summary", data, pictures)
