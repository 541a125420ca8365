"""Keeps the gettext catalogues in step with the texts: `make catalogues`.

English is written in the data files, code and templates; its catalogue is always the same words.
In French a message whose English changed keeps its old words but is marked fuzzy, and a start or a
test refuses it until somebody has looked at it again.
"""

import sys
import tomllib
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from dialogs.conversation.session import LANGUAGES

__all__ = ["extracted", "refreshed", "rendered", "update"]


def extracted(root: Path) -> Catalog:
    """All messages of the project, as its `pyproject.toml` tells Babel to find them."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    mappings = settings["tool"]["babel"]["mappings"]
    template = Catalog(project="Passerelle", charset="utf-8", fuzzy=False)
    found = extract_from_dir(
        root,
        [(mapping["pattern"], mapping["method"]) for mapping in mappings],
        {mapping["pattern"]: {} for mapping in mappings},
    )
    for _, _, message, _, context in found:
        _plain(template.add(message, context=context))
    return template


def refreshed(template: Catalog, old: Catalog, language: str) -> Catalog:
    """The catalogue of `language` for the messages of `template`, with the words of `old`."""
    by_context = {message.context: message for message in old if message.id and message.context}
    new = Catalog(locale=language, project="Passerelle", charset="utf-8", fuzzy=False)
    for message in template:
        if not message.id:
            continue
        known = old.get(message.id, context=message.context)
        string = known.string if known is not None else ""
        flags = set(known.flags) if known is not None else set()
        if language == "en":
            string, flags = message.id, set()
        elif not string and message.context in by_context:
            string, flags = by_context[message.context].string, {"fuzzy"}
        _plain(new.add(message.id, string, context=message.context, flags=flags))
    return new


def _plain(message: Message) -> None:
    """Babel takes "10 % of" for a format; our placeholders are names in braces."""
    message.flags.discard("python-format")


def rendered(catalog: Catalog) -> bytes:
    """A catalogue as the text of its file; quiet in diffs: sorted, no dates, no line numbers."""
    buffer = BytesIO()
    write_po(buffer, catalog, width=0, no_location=True, omit_header=True, sort_output=True)
    language = f'"Language: {catalog.locale}\\n"\n' if catalog.locale else ""
    header = (
        'msgid ""\nmsgstr ""\n'
        f'{language}"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n\n'
    )
    return header.encode() + buffer.getvalue()


def update(root: Path) -> dict[str, int]:
    """Writes template and catalogues below `root`; gives the messages left to translate."""
    template = extracted(root)
    (root / "locales").mkdir(exist_ok=True)
    (root / "locales" / "messages.pot").write_bytes(rendered(template))
    left = {}
    for language in LANGUAGES:
        path = root / "locales" / language / "LC_MESSAGES" / "messages.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        old = Catalog(locale=language)
        if path.exists():
            with path.open("rb") as file:
                old = read_po(file, locale=language)
        new = refreshed(template, old, language)
        path.write_bytes(rendered(new))
        left[language] = sum(1 for m in new if m.id and (not m.string or m.fuzzy))
    return left


if __name__ == "__main__":
    for name, count in update(Path(__file__).parents[2]).items():
        sys.stdout.write(f"{name}: {count} messages to translate or to look at again\n")
