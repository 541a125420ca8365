"""What could tell who she is sets off a warning; what a patient really asks does not.

`data/personal-signs.txt` and `data/personal-harmless.txt` were written by hand as tired people
type, each batch before anybody looked at what the patterns catch.
"""

import re
import time
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.catalogue import Catalogue
from dialogs.conversation.personal import _PATTERNS, Sign, signs

DATA = Path(__file__).parent / "data"
#: Not told from "it's swollen again".
MISSED = ["its testine again sorry"]


def lines(file: str) -> list[str]:
    """Return the lines of a data file with their line breaks, without its head."""
    rows = (DATA / file).read_text(encoding="utf-8").splitlines()
    return [row.replace("\\n", "\n") for row in rows if not row.startswith("# ")]


TOLD = [
    (Sign(sign), text) for sign, _, text in (r.partition("\t") for r in lines("personal-signs.txt"))
]
HARMLESS = lines("personal-harmless.txt")


def missed(typed: Callable[[str], str], *but: Sign) -> list[str]:
    """Return the texts whose own sign is not seen, typed in some way; those of `but` left out."""
    return [text for sign, text in TOLD if sign not in but and sign not in signs(typed(text))]


def loud(texts: list[str]) -> list[tuple[str, frozenset[Sign]]]:
    """Return the texts that show any sign, with it."""
    return [(text, found) for text in texts if (found := signs(text))]


def test_lines_are_many_and_single() -> None:
    """At least 80 of either kind, each once, and some for every sign."""
    counts = Counter(sign for sign, _ in TOLD)

    assert len(TOLD) == len({text for _, text in TOLD}) >= 80
    assert len(HARMLESS) == len(set(HARMLESS)) >= 80
    assert set(Sign) == counts.keys()
    assert min(counts.values()) >= 14


def test_each_text_shows_its_own_sign() -> None:
    """All but the ones that are known."""
    assert MISSED == missed(str)


def test_everyday_questions_show_nothing() -> None:
    """Doses, dates, markers, stages, hospitals, towns, greetings."""
    assert [] == loud(HARMLESS)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_people_type_to_the_bot_shows_nothing(language: str) -> None:
    """Some thousand lines that were written for something else."""
    rows = (DATA / f"alarm-{language}.tsv").read_text(encoding="utf-8").splitlines()

    assert [] == loud([row.partition("\t")[0] for row in rows])


@pytest.mark.parametrize(
    "typed",
    [
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: text.replace(" ", "\u202f"),
        lambda text: text.replace(" ", "  "),
        lambda text: text.replace("'", "’"),
        lambda text: text.replace("-", "\u2011"),
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: f" \n{text}\n\n ",
        lambda text: "\n".join(HARMLESS[:9]) + "\n" + text,
        "\u200b".join,
        "\u00ad".join,
    ],
)
def test_the_way_of_typing_hides_nothing(typed: Callable[[str], str]) -> None:
    """Spaces, apostrophes, dashes, accents in two signs, unseen signs, and words before it."""
    assert MISSED == missed(typed)


@pytest.mark.parametrize(
    "typed",
    [
        str.upper,
        str.lower,
        lambda text: text + "\n" + "\n".join(HARMLESS[:9]),
    ],
)
def test_only_a_name_needs_its_capital_and_its_place(typed: Callable[[str], str]) -> None:
    """All else may be typed in small letters or capitals, and anywhere in a text."""
    assert [] == missed(typed, Sign.NAME)


@settings(max_examples=200)
@given(
    st.sampled_from(["0199001234", "0261911234", "0353011234", "0465711234", "0536491234"]),
    st.lists(st.sampled_from(["", " ", ".", "-", " - ", "\u00a0"]), min_size=8, max_size=8),
    st.sampled_from(["0", "+33", "+33 ", "+33 (0)", "0033 ", "(0)", "0 ", "O"]),
)
def test_a_number_is_seen_in_any_groups(number: str, gaps: list[str], start: str) -> None:
    """Whatever stands between the digits, and however it begins."""
    grouped = number[1] + "".join(gap + digit for gap, digit in zip(gaps, number[2:], strict=True))

    assert Sign.PHONE in signs(f"voilà {start}{grouped} merci")


@pytest.mark.parametrize("department", ["01", "67", "95", "2A", "2B", "2a", "2b", "99"])
@pytest.mark.parametrize("gap", ["", " ", ".", "-"])
@pytest.mark.parametrize("key", ["", "42"])
def test_a_social_security_number_is_seen(department: str, gap: str, key: str) -> None:
    """Of either island too, in any groups, with its key or without."""
    number = gap.join(filter(None, ["2", "70", "05", department, "999", "000", key]))

    assert Sign.SOCIAL_SECURITY in signs(f"le voici : {number}")


def test_every_sign_of_a_text_is_told() -> None:
    """Wherever it stands, and once."""
    texts = ["06 39 98 12 34", "orvalie@example.org", "je m'appelle Orvalie"]
    texts += ["2 70 05 67 999 000", "14 rue du Modèle", "t.me/orvalie"]

    assert frozenset(Sign) == signs("\n".join(texts)) == signs(" ; ".join(texts[::-1]))


@pytest.mark.parametrize("text", ["", " ", "\n", "\u200b", "?"])
def test_no_words_show_nothing(text: str) -> None:
    """Nor raise anything."""
    assert frozenset() == signs(text)


@settings(max_examples=60)
@given(st.text(max_size=300))
def test_any_text_has_an_answer(text: str) -> None:
    """Nothing that can be typed raises anything, half signs included."""
    assert signs(text + "\ud800") <= frozenset(Sign)


@pytest.mark.parametrize("sign", Sign)
def test_no_repeat_is_without_a_bound(sign: Sign) -> None:
    """So the work at each place of a text has a bound too, whatever follows."""
    bare = re.sub(r"\\.|\[[^]]*\]", "", _PATTERNS[sign].pattern)

    assert None is re.search(r"[*+]|\{\d*,\}", bare)


@pytest.mark.parametrize(
    "letters",
    ["0 ", "00 ", "a@", "Aa ", "a", "rue de ", "12 rue a", "un ", "merci\nAa ", "ma mere "],
)
def test_work_grows_with_length_only(letters: str) -> None:
    """16 times the text is far from 256 times the work."""
    spent = {}
    for size in (500, 8_000):
        text = (letters * size)[:size]
        rounds = []
        for _ in range(3):
            start = time.process_time()
            signs(text)
            rounds.append(time.process_time() - start)
        spent[size] = min(rounds)

    assert spent[8_000] < 64 * spent[500]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_sign_has_words(live: Catalogue, language: str) -> None:
    """In each language, and no two the same."""
    speech = live.speeches[language]
    said = {speech.say(f"draft.sign.{sign.value}") for sign in Sign}

    assert len(Sign) == len(said)
