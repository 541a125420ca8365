"""The one word of a link: what is taken, and what is said of what is not."""

import pytest

from bot.outreach.slugs import LONGEST, BadSlug, slug_of

TRIALS = ("PALATINE", "EMBER-3", "SERENA-4")


def refused(text: str) -> str:
    """What is said of a word that will not do."""
    with pytest.raises(BadSlug) as error:
        slug_of(text, TRIALS)
    return str(error.value)


@pytest.mark.parametrize(
    "slug",
    ["la-rose", "abc", "rose2026", "seine-et-marne", "a" * LONGEST, "les-amies-du-mardi",
     "carene", "assise", "t1a", "concorde", "industriels", "sanctuaire", "essaim"],
)  # fmt: skip
def test_a_plain_word_is_taken(slug: str) -> None:
    """As it is."""
    assert slug == slug_of(slug, TRIALS)


@pytest.mark.parametrize(
    ("text", "cause", "mend"),
    [
        ("la rose", "small letters from a to z", "Take la-rose"),
        ("Écoute moi", "small letters from a to z", "Take ecoute-moi"),
        ("La-Rose", "small letters", "Take la-rose"),
        ("la--rose", "single dashes", "Take la-rose"),
        ("-rose-", "single dashes", "Take rose"),
        ("a" * 65, "65 characters, and 32 are the most", f"Take {'a' * 32}"),
        ("cœur", "small letters", "Take coeur"),
        ("x", "3 to 32", "Take one such as la-rose"),
        ("", "3 to 32", "Take one such as la-rose"),
        ("日本", "small letters", "Take one such as la-rose"),
        ("rose\n", "small letters", "Take rose"),
        ("<script>", "small letters", "Take script"),
        ("t1", "number of a study", "groupe-t1"),
        ("12", "number of a study", "groupe-12"),
        ("t-1", "number of a study", "groupe-t-1"),
        ("2018-001234-12", "number of a study", "groupe-2018-001234-12"),
    ],
)
def test_another_shape_gets_a_word_that_would_do(text: str, cause: str, mend: str) -> None:
    """The message names the cause and the mend."""
    said = refused(text)

    assert repr(text) in said
    assert cause in said
    assert mend in said


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("cancer", "cancer"), ("ligue-contre-le-cancer", "cancer"), ("mon-sein", "sein"),
        ("Cancer du sein", "sein"), ("breast-friends", "breast"), ("oncologie", "onco"),
        ("essai-clinique", "essai"), ("cliniques", "clinique"), ("my-trial", "trial"),
        ("metastases", "metasta"),
        ("can-cer", "cancer"), ("palatine", "palatine"), ("ember3", "ember3"),
        ("serena-4-fr", "serena4"), ("octobre-rose", "octobre-rose"), ("hôpital-nord", "hopital"),
        ("chimio", "chimio"), ("patientes", "patient"), ("oncoline", "onco"), ("trial1", "trial"),
        ("monsein", "monsein"), ("carcinome", "carcino"), ("nct03870919", "nct03870919"),
        ("rose-NCT-0387", "nct0387"),
    ],
)  # fmt: skip
def test_a_word_that_speaks_of_illness_is_refused(text: str, word: str) -> None:
    """In either language, in parts, with accents; the names of studies, too."""
    said = refused(text)

    assert repr(word) in said
    assert "tells whoever sees the link what it is about" in said
    assert "such as la-rose" in said
