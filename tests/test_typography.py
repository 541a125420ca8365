"""French and English typography, and what they leave alone."""

import pytest

from bot.authoring.typography import NARROW, WIDE, english, french

FRENCH = [
    ("Avez-vous mal?", "Avez-vous mal_?"),
    ("Avez-vous mal ?", "Avez-vous mal_?"),
    ("Quoi ?!", "Quoi_?!"),
    ("Oui; non!", "Oui_; non_!"),
    ("10% ou {rate} %", "10_% ou {rate}_%"),
    ("Par exemple: les os", "Par exemple~: les os"),
    ("Par exemple :\n- les os", "Par exemple~:\n- les os"),
    ("À 8:30, tirage 2:1", "À 8:30, tirage 2:1"),
    ("«Oui» ou « non »?", "«~Oui~» ou «~non~»_?"),
    ("« Ça va ? »", "«~Ça va_?~»"),
    ("l'étude d'{name}...", "l’étude d’{name}…"),
    ('Dit-il "non" ?', 'Dit-il "non"_?'),
    ('Le signe "?"', 'Le signe "?"'),
    ("{when}?", "{when}_?"),
    ("{it's:me}", "{it's:me}"),
    ("Voir https://example.org/a?b=1;c : oui", "Voir https://example.org/a?b=1;c~: oui"),
    ("Écrire à d'e.f@example.org !", "Écrire à d’e.f@example.org_!"),
    ("tel:0123 et mailto:a@example.org?subject=b", "tel:0123 et mailto:a@example.org?subject=b"),
    ("(!) ou [?]", "(!) ou [?]"),
    ("! Au début", "! Au début"),
    ("", ""),
]


def shown(text: str) -> str:
    """Return the text with its two no-break spaces made visible."""
    return text.replace(NARROW, "_").replace(WIDE, "~")


@pytest.mark.parametrize(("text", "expected"), FRENCH)
def test_french(text: str, expected: str) -> None:
    """Spaces, apostrophes and ellipses become French; addresses and placeholders stay."""
    assert expected == shown(french(text))


@pytest.mark.parametrize("text", [text for text, _ in FRENCH])
def test_french_twice(text: str) -> None:
    """Setting a text that is already set changes nothing."""
    assert french(text) == french(french(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You don't know?", "You don’t know?"),
        ("patients' rights, {name}'s", "patients’ rights, {name}’s"),
        ("Press 'Yes' : 10 %...", "Press 'Yes' : 10 %..."),
        ("https://example.org/o'b", "https://example.org/o'b"),
        ("already ’ set", "already ’ set"),
    ],
)
def test_english(text: str, expected: str) -> None:
    """Apostrophes become typographic, single quotes and everything else stay."""
    assert expected == english(text)
    assert expected == english(expected)
