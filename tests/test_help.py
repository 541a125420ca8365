"""Numbers and doors shown to people in need are fresh, and can be opened."""

from datetime import date

from bot.gate import REFUSE_AFTER
from dialogs.catalogue import Catalogue
from dialogs.conversation.session import LANGUAGES


def test_every_number_was_checked_within_half_a_year(live: Catalogue) -> None:
    """PL7: this fails 180 days after the last check, whatever else is right."""
    for link in (*live.numbers, *live.doors):
        assert link.checked <= date.today()
        assert date.today() - link.checked <= REFUSE_AFTER, f"{link.id}: check it again"


def test_the_four_numbers_of_france_are_there(live: Catalogue) -> None:
    """SAMU, Europe, suicide prevention and the text number for deaf people, ready to tap."""
    assert ["tel:15", "tel:112", "tel:3114", "sms:114"] == [n.href for n in live.numbers]


def test_each_text_says_the_number_it_dials(live: Catalogue) -> None:
    """In both languages, the number is read as well as tapped."""
    for number in live.numbers:
        for language in LANGUAGES:
            digits = number.href.partition(":")[2]

            assert live.speeches[language].say(number.phrase).startswith(digits)


def test_doors_are_secure_addresses(live: Catalogue) -> None:
    """Other studies and patient groups are reached over https."""
    assert all(door.href.startswith("https://") for door in live.doors)
