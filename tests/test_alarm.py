"""A cry for help is heard however it is typed, and the everyday words of the service are not one.

`data/alarm-*.tsv` holds typed lines (line, tab, kind): `distress`, `body`, or `none` for harmless
ones. They were written by hand as people type, each language on its own.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.data import ROOT, read_sources
from dialogs.catalogue import Catalogue, read_phrases
from dialogs.conversation.alarm import GAP, Alarm, Alarms, read_alarms
from dialogs.conversation.session import LANGUAGES
from dialogs.errors import DataError
from dialogs.phrasebook import RELATIVE

DATA = Path(__file__).parent / "data"
ALARMS = read_alarms("alarm.toml", (ROOT / "dialogs" / "alarm.toml").read_text(encoding="utf-8"))
#: The longest message that a chat carries.
LONGEST = 4096

SMALL = """
[fr]
distress = ["veux MORT", "a+bout", "peux_plus+."]
body = ["fievre"]
sets.MORT = "mourir crever"
spare = "nourrir"
[en]
distress = ["kill myself|me"]
body = ["bleeding"]
"""


def lines(language: str) -> list[tuple[str, str]]:
    """Return the typed lines of one language with their kind."""
    rows = (DATA / f"alarm-{language}.tsv").read_text(encoding="utf-8").splitlines()
    return [(line, kind) for line, _, kind in (row.partition("\t") for row in rows)]


def cries(language: str) -> list[str]:
    """Return the typed lines of one language that must be heard."""
    return [line for line, kind in lines(language) if kind != "none"]


def without_marks(text: str) -> str:
    """Return a text without accents."""
    split = unicodedata.normalize("NFD", text)
    return "".join(sign for sign in split if not unicodedata.combining(sign))


def share(texts: list[str]) -> float:
    """Return the share of the texts that are heard."""
    return sum(ALARMS.heard(text) is not None for text in texts) / len(texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_are_many_and_single(language: str) -> None:
    """At least 200 cries and 150 harmless lines a language, each once, of a known kind."""
    rows = lines(language)
    kinds = Counter(kind for _, kind in rows)

    assert {"distress", "body", "none"} == kinds.keys()
    assert len(rows) == len({line for line, _ in rows})
    assert kinds["distress"] + kinds["body"] >= 200
    assert kinds["none"] >= 150


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cry_is_heard(language: str) -> None:
    """PL8: not one is missed."""
    assert [] == [line for line in cries(language) if ALARMS.heard(line) is None]


@pytest.mark.parametrize("language", LANGUAGES)
def test_despair_is_told_from_the_body(language: str) -> None:
    """Despair is never taken for an illness; the other way round in at most 1 line of 100."""
    heard = [(line, kind, ALARMS.heard(line)) for line, kind in lines(language)]
    body = [alarm for _, kind, alarm in heard if kind == "body"]

    assert [] == [row for row in heard if row[1] == "distress" and row[2] is not Alarm.DISTRESS]
    assert body.count(Alarm.BODY) >= 0.99 * len(body)


@pytest.mark.parametrize("line", ["Je m’appelle Marie Dupont", "Mme DUPONT, je suis la patiente"])
def test_a_common_surname_is_no_bridge(line: str) -> None:
    """Who signs is not crying."""
    assert ALARMS.heard(line) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_harmless_lines_stay_quiet(language: str) -> None:
    """At most 1 harmless line of 100 raises a false alarm."""
    harmless = [line for line, kind in lines(language) if kind == "none"]

    assert share(harmless) <= 0.01


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "typed",
    [
        str.upper,
        str.title,
        without_marks,
        lambda line: line.replace("'", ""),
        lambda line: line.replace("'", " "),
        lambda line: line.replace("'", "’"),
        lambda line: f"😭😭{line} 💔",
        lambda line: line + line[-1] * 5,
        lambda line: line.replace(" ", "\n"),
        lambda line: line.replace(" ", "... "),
        lambda line: line.replace(" ", "   "),
        "\u200b".join,
        lambda line: f"bonjour, thank you, voilà. {line}. merci ok",
    ],
)
def test_the_way_of_typing_does_not_matter(typed: Callable[[str], str], language: str) -> None:
    """Capitals, accents, apostrophes, signs, stretched letters and pauses change nothing."""
    assert [] == [line for line in cries(language)[::3] if ALARMS.heard(typed(line)) is None]


@pytest.mark.parametrize("language", LANGUAGES)
def test_spaces_may_be_missing(language: str) -> None:
    """Whole sentences without any space are heard 9 times of 10; common ones always."""
    runs = [re.sub("[ ']", "", line) for line in cries(language)]

    assert share(runs) >= 0.9
    for run in ("jenpeuxplus", "jveumourir", "jeveuxenfinir", "iwanttodie", "icantbreathe"):
        assert ALARMS.heard(run) is not None, run


@pytest.mark.parametrize(
    "line",
    [
        "je veux [mourir]", "je vais me [suicider]", "je suis un [fardeau]",
        "je veux [disparaitre]", "j'ai de la [fievre]", "j'arrive plus a [respirer]",
        "mal a la [poitrine]",
        "i feel [suicidal]", "i want to kill [myself]", "im a [burden]", "i feel [hopeless]",
        "i am [bleeding]", "i cant [breathe]", "she had a [seizure]", "she is [confused]",
    ],
)  # fmt: skip
def test_one_wrong_letter_is_heard(line: str) -> None:
    """A letter too many, missing, wrong or swapped, at any place of the key word."""
    before, word, after = re.split(r"[\[\]]", line)
    typed = {word[:i] + word[i + 1 :] for i in range(len(word))}
    typed |= {word[:i] + word[i : i + 2][::-1] + word[i + 2 :] for i in range(len(word))}
    for letter in "aexz":
        typed |= {word[:i] + letter + word[i:] for i in range(len(word) + 1)}
        typed |= {word[:i] + letter + word[i + 1 :] for i in range(len(word))}

    assert [] == [slip for slip in sorted(typed) if ALARMS.heard(before + slip + after) is None]


def test_despair_wins() -> None:
    """Whoever bleeds and wants to die hears of the second first, in any order and language."""
    assert Alarm.DISTRESS is ALARMS.heard("je saigne et je veux mourir")
    assert Alarm.DISTRESS is ALARMS.heard("i want to die. j'ai de la fièvre")


def test_the_words_of_the_service_stay_quiet(everything: Catalogue) -> None:
    """No button, question, heading or label of any screen, in either form, raises an alarm."""
    loud = []
    for phrase in read_phrases(read_sources()):
        for identity, _ in phrase.forms():
            for speech in everything.speeches.values():
                own = identity.removesuffix(RELATIVE)
                text = speech.say(own, relative=identity != own)
                if phrase.kind in {"button", "question", "heading", "label"} and ALARMS.heard(text):
                    loud.append((identity, speech.language))

    assert [] == loud


def test_a_line_allows_few_words_between() -> None:
    """Up to `GAP` words may stand between two of a line, none where they are tied."""
    alarms = read_alarms("alarm.toml", SMALL)
    few, many = "la " * GAP, "la " * (GAP + 1)

    assert Alarm.DISTRESS is alarms.heard(f"je veux {few}crever")
    assert alarms.heard(f"je veux {many}crever") is None
    assert Alarm.DISTRESS is alarms.heard("je suis à bout")
    assert alarms.heard("à mon bout") is None


def test_a_line_may_ask_for_the_end_of_a_sentence() -> None:
    """What ends a sentence is a sign, a new line, or the end of the message."""
    alarms = read_alarms("alarm.toml", SMALL)

    for text in ("je peux plus", "je peux plus !", "je peux plus\nvoilà", "peux plus 😭 oui"):
        assert Alarm.DISTRESS is alarms.heard(text)
    assert alarms.heard("je peux plus marcher") is None


def test_words_in_order_only() -> None:
    """The words of a line in another order are not the line."""
    assert read_alarms("alarm.toml", SMALL).heard("mourir ? je veux bien") is None


def test_look_alikes_are_spared() -> None:
    """An everyday word that looks like a misspelt one is spared; its own misspelling is not."""
    alarms = read_alarms("alarm.toml", SMALL)

    assert alarms.heard("je veux nourrir mon bébé") is None
    assert Alarm.DISTRESS is alarms.heard("je veux nourir")


class Counted(dict[str, object]):
    """A dictionary that counts how often it is asked."""

    asked = 0

    def get(self, key: str, default: object = None, /) -> object:
        """Return what a dictionary returns."""
        Counted.asked += 1
        return super().get(key, default)


def counted() -> Alarms:
    """Return alarms that count each look at the book, and stop at no cry."""
    alarms = replace(ALARMS, _book=copy(ALARMS._book), _last=dict.fromkeys(Alarm, 0))
    for name in ("whole", "sound", "near", "inside", "lengths"):
        setattr(alarms._book, name, Counted(getattr(ALARMS._book, name)))
    return alarms


@pytest.mark.parametrize(
    "letters",
    [
        "a", "a ", "ab", "abcdefgh", "7", "7 ", "39.", "我", "\n", "\n\n.", "😭", "!", "*", "'",
        ". ", "veux ", "veux", "veux pas ", "jeveuxcrevr", "\ufdfa", "e\u0301\u0323", "l.", "œ",
        "a\u200b", "plus ", "mejesuisplus",
    ],
)  # fmt: skip
def test_work_grows_with_length_only(letters: str) -> None:
    """Twice the text is at most twice the looks at the book, whatever the text is made of."""
    alarms = counted()
    looks = []
    for size in (LONGEST // 4, LONGEST // 2, LONGEST):
        Counted.asked = 0
        alarms.heard((letters * size)[:size])
        looks.append(Counted.asked)

    assert looks[1] <= 2 * looks[0] + 50
    assert looks[2] <= 2 * looks[1] + 50
    assert looks[2] <= 12 * LONGEST


def test_work_grows_with_length_for_ever_new_words() -> None:
    """The same holds when no word comes twice."""
    alarms = counted()
    looks = []
    for count in (200, 400, 800):
        Counted.asked = 0
        alarms.heard(" ".join(f"{'abcdefghij'[i % 10]}w{i:03x}" for i in range(count)))
        looks.append(Counted.asked)

    assert looks[2] - looks[1] <= 2.2 * (looks[1] - looks[0])


@settings(max_examples=60)
@given(st.text(max_size=300))
def test_any_text_has_an_answer(text: str) -> None:
    """Nothing that can be typed raises anything, half signs included."""
    assert ALARMS.heard(text + "\ud800") in {None, *Alarm}


def test_nothing_typed_is_kept() -> None:
    """After a message the book has the same words as before, and shows none."""
    alarms = read_alarms("alarm.toml", SMALL)
    sizes = [len(alarms._book.whole), len(alarms._book.near), len(alarms._book.inside)]
    alarms.heard("xylophone veux je mourire quelquechose")

    assert sizes == [len(alarms._book.whole), len(alarms._book.near), len(alarms._book.inside)]
    assert "mourir" not in repr(alarms)


@pytest.mark.parametrize(
    ("content", "key", "reason"),
    [
        (SMALL.replace("[en]", "[de]"), "de", "one table for each language"),
        (SMALL.partition("[en]")[0], "en", "one table for each language"),
        (SMALL.replace("veux MORT", "veux FIN"), "fr.distress", "there is no set FIN"),
        (SMALL.replace("bleeding", "bleed*"), "en.body", "letters or digits"),
        (SMALL.replace("bleeding", "bleeding|"), "en.body", "letters or digits"),
        (SMALL.replace("bleeding", " "), "en.body", "letters or digits"),
        (SMALL.replace("spare", "sparse"), "fr", "unknown key 'sparse'"),
        (SMALL.replace('["fievre"]', '"fievre"'), "fr", "Expected `array`"),
        ("[fr", "$", "not readable as TOML"),
    ],
)
def test_a_wrong_file_is_named(content: str, key: str, reason: str) -> None:
    """File, table and reason are named, so that an author can mend the line."""
    with pytest.raises(DataError, match=reason) as caught:
        read_alarms("alarm.toml", content)

    assert ("alarm.toml", key) == (caught.value.file, caught.value.key)


def test_a_telephone_number_is_no_call_for_help() -> None:
    """112 and 999 are heard, also when a key was held; 12 and 99 within a number are not."""
    quiet = ["appelez-moi au 06 12 34 56 78", "call me on 01 99 00 12 34", "appelez le 12"]
    cries = ["appelez le 112", "appelez le 1112", "call 999", "call 9999", "call 99911"]

    assert [] == [text for text in quiet if ALARMS.heard(text) is not None]
    assert [] == [text for text in cries if ALARMS.heard(text) is not Alarm.BODY]
