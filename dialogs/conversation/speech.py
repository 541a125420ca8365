"""One language: every phrase in both forms, dates, lists and the names of languages.

Catalogues are gettext `.po` files, read at the start; a phrase without a translation, or with other
placeholders than the English, stops the start.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from io import BytesIO

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_decimal

from dialogs.errors import DataError
from dialogs.phrasebook import Phrase

__all__ = ["Speech", "placeholders", "read_speech"]

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
#: English dates are written out the international way, day first.
_LOCALES = {"fr": "fr_FR", "en": "en_GB"}


def placeholders(text: str) -> set[str]:
    """The names in braces that a text expects values for."""
    return set(_PLACEHOLDER.findall(text))


def _well_formed(text: str) -> bool:
    return not set(_PLACEHOLDER.sub("", text)) & set("{}")


class Speech:
    """How one language says everything. `language` is its two-letter code."""

    __slots__ = ("_days", "_locale", "_own", "_pages", "_relative", "language", "names")

    def __init__(
        self,
        language: str,
        own: Mapping[str, str],
        relative: Mapping[str, str],
        pages: Mapping[str, str],
    ) -> None:
        """`pages` has the texts of the page templates by their English."""
        self.language = language
        self._own = own
        self._relative = relative
        self._pages = pages
        self._locale = Locale.parse(_LOCALES[language])
        self._days: dict[date, str] = {}
        #: the name of each language in that language itself: Français, English
        self.names = {
            code: (Locale.parse(code).get_display_name(code) or code).capitalize()
            for code in _LOCALES
        }

    def say(self, identity: str, relative: bool = False, **values: object) -> str:
        """The phrase called `identity`, in the relative's form if asked for.

        Raises `KeyError` for an unknown phrase or a missing value: both are our own mistakes.
        """
        text = self.texts(relative)[identity]
        return text.format_map(values) if values else text

    def texts(self, relative: bool) -> Mapping[str, str]:
        """Every phrase in the reader's or the relative's form, by its identity."""
        return self._relative if relative else self._own

    def gettext(self, english: str) -> str:
        """A text of the page templates, which have no identity but their English."""
        return self._pages.get(english, english)

    def page_texts(self) -> dict[str, str]:
        """All texts of the page templates, by their English."""
        return dict(self._pages)

    def date(self, day: date) -> str:
        """A day written out: 12 mars 2026, 1er mars 2026, 12 March 2026."""
        text = self._days.get(day)
        if text is None:
            text = format_date(day, "d MMMM y", locale=self._locale)
            if self.language == "fr" and day.day == 1:
                text = text.replace("1 ", "1er ", 1)
            self._days[day] = text
        return text

    def number(self, number: int) -> str:
        """A whole number with the language's own marks for thousands."""
        return str(format_decimal(number, locale=self._locale))

    def list(self, items: Iterable[str]) -> str:
        """Items joined as the language does: a, b and c."""
        return format_list(list(items), locale=self._locale)


def read_speech(language: str, file: str, content: str, phrases: Iterable[Phrase]) -> Speech:
    """The speech of a `.po` file for all `phrases`.

    Raises `DataError` when the file cannot be read, or a phrase is missing, marked fuzzy, or has
    other placeholders than its English.
    """
    try:
        catalog = read_po(BytesIO(content.encode()), locale=language, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise DataError(file, "$", f"not readable as a gettext catalogue: {error}") from error
    own: dict[str, str] = {}
    relative: dict[str, str] = {}
    for phrase in phrases:
        for identity, english in phrase.forms():
            message = catalog.get(english, context=identity)
            if message is None or not message.string or message.fuzzy:
                raise DataError(
                    file, identity, f"no translation of {english!r}: run `make catalogues`"
                )
            text = str(message.string)
            if not _well_formed(text):
                raise DataError(file, identity, "a brace is not part of a placeholder like {day}")
            if placeholders(text) != placeholders(english):
                wanted = ", ".join(sorted(placeholders(english))) or "none"
                raise DataError(file, identity, f"placeholders differ: the English has {wanted}")
            (own if identity == phrase.id else relative)[phrase.id] = text
    pages = {str(m.id): str(m.string or m.id) for m in catalog if m.id and not m.context}
    return Speech(language, own, own | relative, pages)
