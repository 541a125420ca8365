"""The words of the service: what the data forbid, and what they leave free."""

from pathlib import Path

import pytest

from bot.authoring.gates import KINDS
from bot.authoring.syllables import LANGUAGES
from bot.authoring.wording import load, plain, wording

RULE = '[[banned]]\nreason = "why"\nfr = ["a"]\nen = ["b"]\n'
TERM = '[[term]]\nid = "x"\nforms.fr = ["a"]\nforms.en = ["b"]\n'


def words(text: str, language: str, kind: str = "result") -> list[str]:
    """Return the banned words in a text."""
    return [hit.words for hit in wording().banned_in(text, language, kind)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Vous êtes ÉLIGIBLE", "fr", ["ÉLIGIBLE"]),
        ("You are not eligible", "en", ["eligible"]),
        ("une vraie chance", "fr", ["chance"]),
        ("a real chance", "en", ["chance"]),
        ("votre combat, sa bataille", "fr", ["combat", "bataille"]),
        ("fighting a battle", "en", ["battle", "fighting"]),
        ("en phase terminale", "fr", ["terminale"]),
        ("terminal cancer", "en", ["terminal"]),
        ("un texte FALC", "fr", ["FALC"]),
        ("saisie invalide", "fr", ["invalide"]),
        ("Invalid input", "en", ["Invalid"]),
        ("un nouveau\u00a0traitement", "fr", ["nouveau traitement"]),
        ("the best treatment", "en", ["best treatment"]),
        ("soins gratuits", "fr", ["soins gratuits"]),
        ("don’t miss this", "en", ["don't miss"]),
        ("né le 03/12", "fr", ["03/12"]),
        ("les patient·e·s", "fr", ["patient·e·s"]),
        ("merci ❤️", "fr", ["❤"]),
        ("stade IV", "fr", ["stade IV"]),
    ],
)
def test_banned(text: str, language: str, expected: list[str]) -> None:
    """Words that sell, frighten, blame or judge are found in any case and spacing."""
    assert sorted(expected) == sorted(words(text, language))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Le groupe est tiré au sort, par hasard.", "fr"),
        ("A computer picks the group by chance.", "en"),
        ("J’accepte et je commence", "fr"),
        ("Le 3114 est gratuit, jour et nuit.", "fr"),
        ("Un centre de lutte contre le cancer", "fr"),
        ("There is no hurry. You tapped it in error.", "en"),
        ("Vous avez mal ? Touché par erreur ?", "fr"),
        ("In immediate danger, call 15 or 112.", "en"),
        ("the terminals, a warm forward", "en"),
        ("{error} {chance}", "en"),
    ],
)
def test_free(text: str, language: str) -> None:
    """Look-alikes and honest uses of a banned word stay free."""
    assert [] == words(text, language)


def test_rules_of_some_kinds() -> None:
    """A rule for some kinds of message leaves the others free: papers may be quoted."""
    assert ["stage IV"] == words("stage IV", "en", "question")
    assert [] == words("stage IV", "en", "letter")


def test_kinds_exist() -> None:
    """Rules name only kinds of message that the gates know."""
    named = {kind for rule in wording().banned for kind in rule.kinds}
    assert set() == named - KINDS.keys()


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("N’avez-vous pas reçu de rayons ?", "fr", 1),
        ("Pouvez-vous marcher sans aide ?", "fr", 1),
        ("Avez-vous mal, sauf la nuit ?", "fr", 1),
        ("Êtes-vous enceinte, ou allaitez-vous ?", "fr", 1),
        ("Avez-vous, ou avez-vous eu, un autre cancer ?", "fr", 0),
        ("Avez-vous un médecin ou un rendez-vous ?", "fr", 0),
        ("Êtes-vous debout plus de la moitié de la journée ?", "fr", 0),
        ("Have you not had treatment?", "en", 1),
        ("Haven’t you had treatment?", "en", 1),
        ("Can you walk without help?", "en", 1),
        ("Any cancer except this one?", "en", 1),
        ("Do you smoke, and do you drink?", "en", 1),
        ("Are you pregnant or breastfeeding?", "en", 0),
        ("Has another note been sent?", "en", 0),
    ],
)
def test_tricks(text: str, language: str, expected: int) -> None:
    """Negative, double and exception questions are told from plain ones."""
    assert expected == len(wording().tricks_in(text, language))


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Le palbociclib et le létrozole", "fr", ["palbociclib", "létrozole"]),
        ("Le palbociclib et le létrozole sont des comprimés.", "fr", []),
        ("Le cancer est RH+", "fr", ["RH+"]),
        ("Le cancer est RH+ : il est sensible aux hormones.", "fr", []),
        ("Your cancer has hormone receptors", "en", ["hormone receptors"]),
        ("Does your report say “ER+”?", "en", []),
        ("HER2 is high", "en", ["HER2"]),
        ("HER2 is a protein on the cells.", "en", []),
        ("La protéine HER2", "fr", ["protéine HER2"]),
        ("Un os lytique", "fr", ["lytique"]),
        ("Un os lytique, plus mince", "fr", []),
        ("Votre oncologue parle de biopsie", "fr", []),
        ("{sponsor}", "en", []),
        ("There it is, here and her", "en", []),
    ],
)
def test_unglossed(text: str, language: str, expected: list[str]) -> None:
    """A technical word needs its gloss in the same message, a known one does not."""
    assert expected == wording().unglossed(text, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_allowed_and_technical(language: str) -> None:
    """Known words are allowed but stay in a score; technical words leave it."""
    text = "oncologue, oncologist\nl’HER2, HER2"
    assert wording().allowed[language].search(text)
    assert "\n" in wording().without_technical(text, language)
    assert "HER2" not in wording().without_technical(text, language)
    assert "oncologue, oncologist" in wording().without_technical(text, language)


def test_elided_article_leaves_with_its_word() -> None:
    """Taking a technical word out of a score takes its elided article too."""
    actual = wording().without_technical("la fin de l’hormonothérapie la phrase", "fr")
    assert ["la", "fin", "de", "la", "phrase"] == actual.split()


def test_plain() -> None:
    """Patterns read straight apostrophes, plain spaces and nameless placeholders."""
    assert "l'os de {} ?" == plain("l’os\nde\u00a0{bone}\u202f?")


def test_wording_is_read_once() -> None:
    """The data are read once, and every term speaks both languages."""
    assert wording() is wording()
    for term in wording().terms:
        assert set(LANGUAGES) == term.forms.keys() == term.glosses.keys()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[banned]]\nfr = ["a"]\nen = ["b"]', "no reason"),
        ('[[banned]]\nreason = "why"\nfr = ["a"]', "nothing for language 'en'"),
        (RULE.replace('"a"', '"("'), "malformed pattern for 'fr'"),
        (RULE + 'kind = "question"', "unknown keys"),
        (TERM, "either a reason if known or glosses"),
        (TERM + "known = true", "either a reason if known or glosses"),
        (TERM + 'known = true\nreason = "why"\nglosses.fr = ["a"]', "either a reason"),
        (TERM + 'glosses.fr = ["a"]', "nothing for language 'en'"),
        (TERM + 'gloss = "a"', "unknown keys"),
        ((TERM + 'known = true\nreason = "why"\n') * 2, "used twice"),
    ],
)
def test_incomplete_data(tmp_path: Path, text: str, message: str) -> None:
    """A rule or term that lacks something is refused, and the message names what."""
    path = tmp_path / "wording.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        load(path)


def test_no_data(tmp_path: Path) -> None:
    """An empty file is a wording that forbids and allows nothing."""
    path = tmp_path / "wording.toml"
    path.write_text("", encoding="utf-8")
    empty = load(path)
    assert [] == empty.banned_in("éligible", "fr", "result")
    assert "l'HER2" == empty.without_technical("l'HER2", "fr")
    assert not empty.allowed["fr"].search("oncologue")
