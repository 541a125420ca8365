"""Keys of mails as people paste them."""

import base64
from collections.abc import Callable
from urllib.parse import quote

import pytest

from bot.channels import paste as module
from bot.channels.paste import key_in
from dialogs.wire.seal import Seal

SEAL = Seal(b"k" * 64, 7)
TOKEN = SEAL.seal(b"p" * 31, b"place")
NOTES = [SEAL.enclose(b"\n".join(b"%d" % n for n in range(many)), b"place") for many in (1, 90)]
ALONE = NOTES[1]
KEYS = [TOKEN, *(f"{TOKEN}.{note}" for note in NOTES), ALONE]
SITE = "https://passerelle.example.org"


def cut(text: str, width: int, end: str = "\n") -> str:
    """`text` in lines."""
    return end.join(text[at : at + width] for at in range(0, len(text), width))


def second(link: str) -> str:
    """A link as the second version of Proofpoint writes it."""
    coded = quote(link, safe="").replace("-", "%2D").replace("_", "%5F")
    coded = coded.replace("%2F", "_").replace("%", "-")
    return f"https://urldefense.proofpoint.com/v2/url?u={coded}&d=DwMFaQ&c=abc&e="


def third(link: str) -> str:
    """The same of its third version."""
    mark = base64.b64encode(b"#").decode().rstrip("=")
    return f"https://urldefense.com/v3/__{link.replace('#', '*')}__;{mark}!!Abc-123!x_Y$"


def safe(link: str) -> str:
    """A link as Safe Links writes it."""
    more = "|".join(["05", "02", "a@example.org", "0" * 32, "f" * 32, "Unknown", "TWFp" * 25])
    return (
        f"https://eur01.safelinks.protection.outlook.com/?url={quote(link, safe='')}"
        f"&data={quote(more, safe='')}&sdata={'A' * 43}%3D&reserved=0"
    )


PASTES: dict[str, Callable[[str], str]] = {
    "bare": lambda key: key,
    "blanks": lambda key: f"  \t{key}\r\n\r\n",
    "marked": lambda key: f"#{key}\n",
    "lines": lambda key: cut(key, 20),
    "windows lines": lambda key: cut(key, 60, "\r\n"),
    "lines of one": lambda key: cut(key, 7, " \n "),
    "soft breaks": lambda key: cut(key, 75, "=\r\n"),
    "link": lambda key: f"{SITE}/reply?lang=fr#{key}",
    "link in brackets": lambda key: f"<{SITE}/reply?lang=fr#{key}>",
    "link in lines": lambda key: cut(f"{SITE}/reply?lang=fr#{key}", 64),
    "loud link": lambda key: f"HTTPS://PASSERELLE.EXAMPLE.ORG/reply#{key}",
    "quoted": lambda key: "\n".join(f"> > {line}" for line in cut(key, 50).splitlines()),
    "quoted tightly": lambda key: "\n".join(f">>{line}" for line in cut(key, 50).splitlines()),
    "unseen": lambda key: "\ufeff" + "\u200b\u00ad\u2060".join(key) + "\u200e",
    "french marks": lambda key: f"«\u00a0{key}\u00a0»",
    "english marks": lambda key: f"“{key}”,",
    "words": lambda key: f"Clé : {key}. Merci !",
    "words around lines": lambda key: f"Bonjour,\nVoici la clé :\n{cut(key, 64)}\nMerci\nMarie",
    "a mail": lambda key: (
        f"Madame, Monsieur,\n\nRépondre :\n{SITE}/reply?lang=fr#{key}\n\nSi le lien ne s’ouvre "
        f"pas, collez cette clé sur {SITE}/reply :\n\n{key}\n\n-- \nPasserelle\n{'a1' * 32}\n"
    ),
    "percent": lambda key: f"https://example.net/?to={quote(f'{SITE}/reply#{key}', safe='')}",
    "safe links": lambda key: safe(f"{SITE}/reply?lang=fr#{key}"),
    "second version": lambda key: second(f"{SITE}/reply?lang=fr#{key}"),
    "third version": lambda key: third(f"{SITE}/reply?lang=fr#{key}"),
    "both filters": lambda key: safe(third(f"{SITE}/reply?lang=fr#{key}")),
}


def test_a_key_above_a_mail_is_the_one_that_is_meant() -> None:
    """Whoever pastes it by itself does not mean that of the mail quoted below."""
    key, other = KEYS[0], KEYS[0][::-1]
    quoted = "\n".join(f"> {line}" for line in ("Passerelle:", f"{SITE}/reply#{other}", other))

    assert key == key_in(f"  {key}\n\n{quoted}")
    assert other == key_in(f"Bonjour,\n{quoted}\n{key}")


def test_many_beginnings_of_a_link_are_no_links() -> None:
    """The key behind them is found all the same."""
    assert KEYS[0] == key_in(f"{'/v3/__' * 700} {KEYS[0]}")


@pytest.mark.parametrize("paste", PASTES.values(), ids=PASTES.keys())
@pytest.mark.parametrize("key", KEYS, ids=["token", "short note", "long note", "enclosed"])
def test_a_key_is_found_in_whatever_is_around_it(key: str, paste: Callable[[str], str]) -> None:
    """With its link, in a quotation, rewritten by filters, broken into lines, in a whole mail."""
    assert key == key_in(paste(key))


@pytest.mark.parametrize("made", [NOTES[0][:-1], NOTES[1][:140], f"{NOTES[1]}A"])
def test_a_key_that_is_not_whole_is_no_shorter_one(made: str) -> None:
    """It would open the request without what she wrote, and nobody would know."""
    for paste in ("{}", "{}\n", "Key: {} thanks", f"{SITE}/reply#{{}}"):
        assert TOKEN != key_in(paste.format(f"{TOKEN}.{made}"))


def test_the_key_behind_the_mark_is_meant() -> None:
    """Something else of the same shape may stand before it."""
    other = "0123456789abcdef" * 4

    assert TOKEN == key_in(f"Message {other}\n{SITE}/reply#{TOKEN}\n{other}")
    assert other == key_in(f"Message {other}\n{TOKEN}")


@pytest.mark.parametrize(
    ("text", "rest"),
    [("", ""), ("x", "x"), (" a\nb ", "ab"), ("<https://example.org/reply#K Y>", "KY"), ("#", "")],
)
def test_what_holds_no_key_stays_what_it_is(text: str, rest: str) -> None:
    """It opens nothing, and the page says so."""
    assert rest == key_in(text)


@pytest.mark.parametrize(
    "book",
    [
        "x\n" * 200_000,
        "x" * 300_000,
        "%25" * 100_000,
        "> " * 100_000,
        "a.\n" * 90_000,
        "é%" * 99_999,
        f"{TOKEN}\n" * 4_000,
    ],
)
def test_whatever_is_pasted_is_looked_at_within_bounds(
    book: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No text makes it look at more than some hundred thousand joined runs."""
    looked = []

    def fits(length: int) -> bool:
        looked.append(length)
        return fitting(length)

    fitting = module._fits
    monkeypatch.setattr(module, "_fits", fits)
    key_in(book)

    assert len(looked) <= 3 * 1500 * 100
