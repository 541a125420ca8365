"""A letter as an e-mail: what it looks like, and what its header tells."""

from email.message import EmailMessage
from email.policy import SMTP as MAIL_POLICY
from email.utils import format_datetime, localtime
from html import escape
from urllib.parse import urlsplit, urlunsplit

from bot.contact.letter import Letter
from dialogs.conversation.speech import Speech

__all__ = ["mail"]

_STYLE = "font-family:sans-serif;font-size:16px;line-height:1.5;max-width:36em"


def mail(letter: Letter, sender: str, address: str, speech: Speech) -> EmailMessage:
    """A letter as text and HTML; a repeat has the same Message-ID, so mail programs show one."""
    message = EmailMessage(policy=MAIL_POLICY)
    message["From"] = sender
    message["To"] = address
    message["Subject"] = letter.title
    message["Date"] = format_datetime(localtime())
    domain = sender.rpartition("@")[2]
    message["Message-ID"] = f"<{letter.code}.{letter.serial}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_text(letter, speech), cte="quoted-printable")
    message.add_alternative(_html(letter, speech), subtype="html", cte="quoted-printable")
    # Last: each content that is set takes such headers with it.
    message["Content-Language"] = speech.language
    return message


def _page(letter: Letter) -> str:
    """The address of the page that the link opens, without what it says to that page."""
    parts = urlsplit(letter.link or "")
    return urlunsplit(parts._replace(query="", fragment=""))


def _pasting(letter: Letter, speech: Speech) -> str:
    return speech.say("staff.pasting", page=_page(letter))


def _lines(letter: Letter, speech: Speech) -> list[str]:
    """The paragraphs; about a request also that the mail's sender is not the person who asks."""
    if not _page(letter).endswith("/reply"):
        return list(letter.lines)
    unheard = speech.gettext("A reply to this mail does not reach the person. Please use the link.")
    return [*letter.lines, unheard]


def _text(letter: Letter, speech: Speech) -> str:
    parts = [letter.title, *_lines(letter, speech)]
    if letter.link:
        # French has a space before the colon.
        label = speech.gettext("%(label)s:").replace("%(label)s", letter.label or "")
        parts.append(f"{label}\n{letter.link}")
    if letter.handle:
        parts.append(f"{_pasting(letter, speech)}\n\n{letter.handle}")
    return "\n\n".join(parts) + "\n"


def _html(letter: Letter, speech: Speech) -> str:
    parts = [f"<p><strong>{escape(letter.title)}</strong></p>"]
    parts += [f"<p>{escape(line)}</p>" for line in _lines(letter, speech)]
    if letter.link:
        label = escape(letter.label or letter.link)
        parts.append(f'<p><a href="{escape(letter.link)}"><strong>{label}</strong></a></p>')
    if letter.handle:
        parts.append(f"<p>{escape(_pasting(letter, speech))}</p>")
        parts.append(
            f'<pre style="white-space:pre-wrap;word-break:break-all">{letter.handle}</pre>'
        )
    return (
        f'<!doctype html><html lang="{speech.language}"><head><meta charset="utf-8">'
        f'<meta name="color-scheme" content="light dark">'
        f"<title>{escape(letter.title)}</title></head>"
        f'<body><div style="{_STYLE}">{"".join(parts)}</div></body></html>\n'
    )
