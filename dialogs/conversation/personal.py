"""Signs in a text of something that could tell who somebody is: a warning, never a refusal.

Better one warning too many than one too few, but words of everyday medicine ("HER2 3+",
"125 mg", "12/10/2022") set nothing off. Every pattern is linear in the text.
"""

import re
from enum import Enum

__all__ = ["Sign", "signs"]


class Sign(Enum):
    """What a text seems to hold."""

    PHONE = "phone"
    EMAIL = "email"
    NAME = "name"
    SOCIAL_SECURITY = "social_security"
    ADDRESS = "address"
    LINK = "link"


_GAP = r"[\s.\-–/()\u00a0\u202f]{0,3}"
#: Nine digits after the 0 or the country's number, in any groups.
_DIGITS = rf"(?:{_GAP}\d){{8}}"
_FRENCH = rf"(?<![\d,.])(?:(?:\+|00){_GAP}33{_GAP}(?:\(0\){_GAP})?|0)[1-9]{_DIGITS}(?!\d)"
_ABROAD = rf"(?<![\d])(?:\+|00)[1-9](?:{_GAP}\d){{7,13}}(?!\d)"
_TOLD = (
    r"(?:mon|son|ma|le|au)\s+(?:num[ée]ro|t[ée]l\w*|portable|mobile|fixe)\D{0,25}\d"
    r"|\bt[ée]l(?:[ée]phone)?\s?[.:]\s?\d"
    r"|(?:my|her|his|the)\s+(?:phone|mobile|cell|landline)?\s?(?:number|phone|mobile|cell)\D{0,15}\d"
    r"|\b(?:call|ring|text|phone|reach)\s+(?:me|her|him)\s+(?:on|at)\s+\+?\d"
    r"|\b(?:appele[rz]|joindre|rappele[rz])[\w\s-]{0,12}\s(?:au|sur le)\s+\+?\d"
)
_COUNTED = (
    "z[ée]ro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix",
    "onze", "douze", "treize", "quatorze", "quinze", "seize", "vingt", "trente", "quarante",
    "cinquante", "soixante", "oh", "zero", "one", "two", "three", "four", "five", "seven",
    "eight", "nine", "ten", "eleven", "twelve", "twenty", "thirty", "forty", "fifty", "sixty",
    "seventy", "eighty", "ninety", "double", "et",
)  # fmt: skip
_WORD = rf"(?:{'|'.join(_COUNTED)})"
_SPOKEN = rf"\b{_WORD}(?:[\s,-]{{1,2}}{_WORD}){{4,}}\b"
#: One digit after another, or pairs, as people hide a number from machines.
_PHONE = re.compile(rf"{_FRENCH}|{_ABROAD}|{_TOLD}|{_SPOKEN}", re.IGNORECASE)

_EMAIL = re.compile(
    r"[\w.+-]{1,64}\s?@\s?[\w-]{1,63}\s?\.\s?[a-z]{2,}"
    r"|\w\s?[\[(]?\s?(?:arobase|arrobase|arobas)\s?[\])]?\s?\w"
    r"|\w\s?(?:\[at\]|\(at\)|\sat\s)\s?[\w-]{1,63}\s?(?:\[dot\]|\(dot\)|\sdot\s|\spoint\s|\.)\s?[a-z]{2,}"
    r"|@\s?(?:gmail|hotmail|outlook|yahoo|orange|free|laposte|sfr|wanadoo|icloud)\b",
    re.IGNORECASE,
)

#: Sex, year, month, department, commune, order: 13 digits, and a key of two.
_SECURITY = re.compile(
    r"(?<!\d)[12][\s.\-]?\d{2}[\s.\-]?(?:0[1-9]|1[0-2]|[2-9]\d)[\s.\-]?(?:\d{2}|2[AB])[\s.\-]?"
    r"\d{3}[\s.\-]?\d{3}(?:[\s.\-/]{0,3}\d{2})?(?!\d)"
    r"|(?:s[ée]curit[ée]\s+sociale|\bs[ée]cu\b|\bNIR\b|\bnss\b|social\s+security|\bNHS\b|vitale)"
    r"\D{0,25}\d[\d\s]{4,}",
    re.IGNORECASE,
)

_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'-]{1,30}"
_NAME = re.compile(
    r"(?i:\bje\s+m['’]appelle\b|\bje\s+me\s+(?:nomme|pr[ée]nomme)\b|\bmon\s+(?:pr[ée])?nom\s+(?:est|c['’]est|:)"
    r"|\bmon\s+nom\s+de\s+(?:famille|jeune)|\bmy\s+(?:full\s+|first\s+|last\s+|maiden\s+|sur)?name\s?(?:is|['’]s|:)"
    r"|\b(?:her|his|son|sa)\s+(?:full\s+|first\s+|last\s+|pr[ée])?nom?(?:ame)?\s+(?:is|est)\b"
    r"|\b(?:elle|il|qui)\s+s['’]appelle\b|\b(?:she|he|who)\s+is\s+called\b|\bn[ée]e\s+[A-ZÀ-Þ])"
    rf"|\b(?:[Mm]me|[Mm]lle|[Mm]adame|[Mm]ademoiselle|[Mm]onsieur|[Mm]rs?|[Mm]s|[Mm]iss)\.?\s{_CAPITAL}"
    rf"|\bM\.\s{_CAPITAL}"
    rf"|\b(?:I\s+am|I['’]m|[Jj]e\s+suis|[Cc]['’]est|[Tt]his\s+is|[Ii]ci)\s{_CAPITAL}\s{_CAPITAL}"
    rf"|(?i:signed?|sign[ée]e?)\s?:?\s{_CAPITAL}"
    rf"|(?i:\b(?:cordialement|bien\s+[àa]\s+vous|merci(?:\s+d['’]avance)?|salutations|regards|sincerely|yours|thanks|thank\s+you|best|love|bises))"
    rf"[\s,.!]{{1,4}}{_CAPITAL}(?:\s{_CAPITAL})?\s?\.?\s*\Z"
    rf"|\n\s?{_CAPITAL}\s{_CAPITAL}\s*\Z"
)

_ADDRESS = re.compile(
    r"\b\d{1,4}\s?(?:bis|ter|[a-d])?\s?,?\s+(?:rue|avenue|av\.|boulevard|bd\b|bld|chemin|place|impasse|all[ée]e|quai|route|cours|square|r[ée]sidence|lieu)\b"
    r"|\b\d{1,4}[a-d]?\s?,?\s+(?:[A-Za-z'’-]{2,20}\s){1,3}(?:street|st\.|road|rd\b|avenue|ave\b|lane|drive|close|crescent|square|gardens|way|terrace)\b"
    r"|(?<!\d)(?:0[1-9]|[1-8]\d|9[0-8])\s?\d{3}\s+[A-ZÀ-Þ][a-zà-ÿ'’-]{2,}"
    r"|\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b"
    r"|\b(?:j['’]habite|nous\s+habitons|mon\s+adresse|my\s+address|i\s+live\s+(?:at|on)|domicili[ée]e?)\b",
    re.IGNORECASE,
)

_LINK = re.compile(
    r"https?://|\bwww\.|\bt\.me/|\bwa\.me/|(?<![\w.])@[a-z]\w{3,}"
    r"|\b(?:facebook|instagram|whatsapp|messenger|telegram|snapchat|linkedin|twitter)\b\s?[:./]\s?\S"
    r"|\b[\w-]{2,40}\.(?:com|fr|org|net|eu|io|uk)\b",
    re.IGNORECASE,
)

_PATTERNS = {
    Sign.PHONE: _PHONE,
    Sign.EMAIL: _EMAIL,
    Sign.NAME: _NAME,
    Sign.SOCIAL_SECURITY: _SECURITY,
    Sign.ADDRESS: _ADDRESS,
    Sign.LINK: _LINK,
}


def signs(text: str) -> frozenset[Sign]:
    """The signs that `text` (at most some thousand characters) shows."""
    return frozenset(sign for sign, pattern in _PATTERNS.items() if pattern.search(text))
