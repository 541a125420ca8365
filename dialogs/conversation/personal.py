"""Signs in a text of something that could tell who somebody is: a warning, never a refusal.

Better one warning too many than one too few, but words of everyday medicine ("HER2 3+",
"125 mg", "12/10/2022") set nothing off. Every repeat in a pattern has a bound, so that the work
grows with the text only.
"""

import re
from enum import Enum
from unicodedata import category, combining, normalize

__all__ = ["Sign", "signs"]


class Sign(Enum):
    """What a text seems to hold."""

    PHONE = "phone"
    EMAIL = "email"
    NAME = "name"
    SOCIAL_SECURITY = "social_security"
    ADDRESS = "address"
    LINK = "link"


def _any(*choices: str) -> str:
    return f"(?:{'|'.join(choices)})"


def _typed(*choices: str) -> str:
    """Any of `choices`, in capitals or not."""
    return f"(?i:{'|'.join(choices)})"


_GAP = r"[ \n.\-/()]{0,3}"
#: No decimal, date or time of day goes on here.
_FRESH = r"(?<!\d)(?<!\d[.,/:h-])"
_NO_DATE = r"(?!\d\d?[ ./-]\d\d?[ ./-](?:19|20)\d\d(?!\d))"
_SIX = rf"(?<!\w){_NO_DATE}\+?\d(?:[ ._/-]{{0,2}}\d){{5}}"
_DIGIT = _any(
    "zero", "oh", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf",
    "one", "two", "three", "four", "five", "seven", "eight", "nine", "double",
)  # fmt: skip
_COUNT = _any(
    _DIGIT, "et", "dix", "onze", "douze", "treize", "quatorze", "quinze", "seize", "vingts?",
    "trente", "quarante", "cinquante", "soixante", "ten", "eleven", "twelve", "(?:thir|fif)teen",
    "(?:four|six|seven|eigh|nine)teen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy",
    "eighty", "ninety",
)  # fmt: skip
_APART = r"[ \n,.-]{1,3}"
_PHONE = _typed(
    # Nine or ten digits after a 0, which may be typed as the letter, in any groups.
    rf"(?:{_FRESH}\(?0|(?<!\w)o){_NO_DATE}\)? ?[1-9](?:{_GAP}\d){{8,9}}(?!\d)",
    r"(?<!\d)0[1-9](?P<gap>[ ._/,-]{1,3})\d\d(?:(?P=gap)\d\d){3}(?!\d)",
    rf"(?:(?<![\w+])\+|{_FRESH}00) ?[1-9](?:{_GAP}\d){{7,13}}(?!\d)",
    r"(?<!\d)33 ?[1-9](?:[ .-]?\d\d){4}(?!\d)|(?<!\d)(?:32|41|44|49)[1-9]\d{8,9}(?!\d)",
    r"\(\d{3}\) ?\d{3}[ .-]\d{4}(?!\d)",
    r"(?<!\d)\d{3}(?P<dot>[.-])\d{3}(?P=dot)\d{4}(?!\d)",
    r"\b(?:(?:mon|ma|son|le|my|her|his|the) (?:num(?:ero)?|number)|tel|telephone|portable"
    r"|mobile|fixe|gsm|phone|cell|landline|whatsapp|sms|call|ring|text|reach|r?ap{1,2}el{1,2}e[rz]?"
    rf"|joindre|joignable|contacter)\b\D{{0,25}}{_SIX}",
    # Digits as words: after a zero, or seven and more.
    rf"(?<!\w)(?:zero|oh|o|0\d?|double oh)(?=[ ,.\d-]{{1,14}}{_COUNT}\b)"
    rf"(?:{_APART}(?:{_COUNT}|\d\d?)\b){{4}}",
    rf"\b{_DIGIT}(?:{_APART}{_DIGIT}\b){{6}}",
)

_TLD = r"(?:com|fr|org|net|eu|io|uk|be|ch|lu|info|app)\b"
_SPELT = r"(?: ?[\[({<] ?(?:dot|point) ?[\])}>] ?| dot | point )"
_DOT = rf"(?: ?\. ?|{_SPELT})"
_EMAIL = _typed(
    rf"[\w.+-] ?@ ?[\w.-]{{1,63}}{_DOT}{_TLD}",
    r"[\w.+-]@[\w-]{1,63}\.[a-z]{2}",
    r"\w ?[\[({<]? ?(?:ar{1,2}obase?s?|a commercial) ?[\])}>]? ?\w",
    r"\w ?[\[({<] ?(?:at|chez) ?[\])}>] ?\w",
    rf"\w ?[\[({{<] ?a ?[\])}}>] ?[\w-]{{1,63}}{_DOT}{_TLD}",
    r"\w_at_\w{1,63}_dot_\w",
    rf"\w (?:at|chez) [\w-]{{1,63}}(?:\.|{_SPELT}){_TLD}",
    r"@ ?(?:gmail|hotmail|outlook|yahoo|orange|free|laposte|sfr|wanadoo|icloud)\b",
    rf"\b(?:gmail|hotmail|outlook|yahoo|laposte|wanadoo|icloud|protonmail){_DOT}?{_TLD}",
    r"\b(?:mon|my|her|his) (?:adresse )?(?:e-?)?mail(?: address)? ?(?:c'est|est|is|:) ?\w",
)

#: Sex, year, month, department, commune, order: 13 digits, and a key of two.
_SECURITY = _typed(
    r"(?<!\d)[12][ .-]?\d{2}[ .-]?(?:0[1-9]|1[0-2]|[2-9]\d)[ .-]?(?:\d{2}|2[AB])[ .-]?"
    r"\d{3}[ .-]?\d{3}(?:[ ./-]{0,3}\d{2})?(?!\d)",
    r"\b(?:securite sociale|secu|nir|nss|social security|nhs|vitale)\b"
    rf"\D{{0,25}}{_NO_DATE}(?:[\dAB][ .-]{{0,2}}){{7}}",
)

#: Words that are no name though they begin with a capital.
_WORDS = _typed(
    "docteur|doctor|dr|doc|pr|prof|professeur|professor|monsieur|madame|mesdames|messieurs|mme",
    "team|all|everyone|everybody|sir|hi|hello|hey|bonjour|bonsoir|merci|thanks?|cordialement|best",
    "kind|many|regards|wishes|bonne?|bien|salutations|beaucoup|encore|again|toute?|tous|toutes",
    "dans|en|je|il|elle|on|nous|vous|les?|la|une?|des?|du|aux?|est|et|ou|mais|si|mon|ma|mes|avec",
    "i|my|the|this|that|it|is|am|are|and|or|but|if|not|to|for|from|with|me|us|please|we|you|in",
    "svp|stp|qui|que|quand|comment|pourquoi|combien|quel\\w{0,4}|pour\\w{0,8}|pouv\\w{0,6}|suite",
    "peut|peux|puis|dois|faut|avez|auriez|savez|votre|notre|il|ils|an?|back|there|moi|toi",
    "(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|(?:mon|tues|wednes|thurs|fri|satur|sun)day",
    "instituts?|institute|cent(?:re|er)|hopital|hospital|clini(?:que|c)|service|chr?u|oncologie",
    "cancer|triple|stage|stade|grade|hormono\\w{0,12}|posit\\w{0,5}|negat\\w{0,5}|brca\\d?|her\\d?|tnbc",
    "tres|very|fatigue\\w?|noel|oui|non|yes|no|ok|sorry|desolee?|urgent|courage|asap|belle",
    "cdlt|cdt|truly|faithfully|distingue\\w{0,4}|respectueu\\w{0,8}|sincer\\w{0,6}|meilleur\\w{0,3}|amical\\w{0,6}",
    "french|british|english|irish|scottish|welsh|american|canadian|italian|spanish|german|polish",
    "portuguese|belgian|swiss|dutch|turkish|romanian|african|asian|european|indian|chinese|deaf",
    "blind|jewish|muslim|catholic|francaise|belge|alsacienne|bretonne|italienne|algerienne",
)
_NAMED = rf"(?=[A-Z])(?!{_WORDS}\b)(?:[A-Z]')?(?:[A-Z][a-z][\w'-]{{0,30}}|[A-Z]{{3,20}}(?![\w']))"
_MORE = rf"(?: (?:de |d'|van |von |le )?(?:{_NAMED}|[A-Z]\b\.?))"
_FULL = rf"(?:{_NAMED}{_MORE}|[A-Z]\. ?{_NAMED})"
_KIN = (
    r"\b(?:ma|mon|my|our|notre|sa|son|his|her) (?:mari|femme|epou(?:x|se)|conjointe?|compagnon"
    r"|compagne|fille|fils|mere|maman|pere|papa|soeur|frere|tante|oncle|cousine?|niece|neveu|amie?"
    r"|copine|copain|voisine?|belle-[a-z]{4,5}|grand-mere|mamie|husband|wife|partner|daughter|son"
    r"|mother|mum|mom|father|dad|sister|brother|aunt|uncle|friend|neighbou?r|carer)\b"
)
_CALLED = r"s'? ?ap{1,2}el{1,2}e(?:nt)?\b"
_NAME_IS = r"(?:(?:full|first|last|maiden|family|given) |sur)?name(?:'?s| is)\b"
_IAM = "i am|i'?m|je suis"
_FIRM = (
    "cordialement|bien a vous|respectueusement|salutations|regards|sincerely|best wishes|warmly"
    "|yours(?: truly| faithfully)?"
)
_THANKS = (
    "(?:merci|thanks|thank you)(?: (?:beaucoup|bien|d'avance|encore|infiniment|(?:so|very) much"
    "|again|a lot|in advance|a vous))?|a bientot|best|love|bises|bisous"
    "|bon(?:ne)? (?:journee|soiree|continuation|week-?end|apres-midi|semaine|fin de journee)"
)
_END = r"(?: x{1,3})?[ .!]{0,2}"
_NAME = _any(
    _typed(
        r"\bj(?:e|')? ?m ?'? ?ap{1,2}el{1,2}e?\b|\bje me (?:pre)?nomme\b|\bje me presente ?[:,]",
        r"\bje,? soussigne|\b(?:she is|he is|i am|i'm) (?:called|named)\b",
        r"\bmon (?:pre)?nom ?(?:de (?:famille|jeune|naissance)|est(?!-)|c'est|complet|:)",
        r"\b(?:pre)?nom(?: de \w{5,9})? ?: ?\w|\b(?:sur)?name ?: ?\w",
        rf"\b(?:my|her|his|their) {_NAME_IS}|\b(?:son|leur) (?:pre)?nom (?:est(?!-)|c'est)",
        rf"\b(?:elle|il) {_CALLED}|{_KIN}[\w' ]{{0,12}} (?:{_CALLED}|is (?:called|named)\b)",
        rf"{_KIN}'?s? {_NAME_IS}",
        rf"\b(?:mme|mlle|mrs)\.? (?!{_WORDS}\b)[a-z]{{3}}",
        rf"(?:suis|c'est|ici|pour|de) (?:madame|monsieur|mr) (?!{_WORDS}\b)[a-z]{{3}}",
        rf"\b(?:hi|hello|hey),? (?!{_WORDS}\b)\w{{3,20}} (?:\w{{1,20}} )?here\b",
        rf"\b(?:{_FIRM})[ \n,.!-]{{1,4}}(?!{_WORDS}\b)[a-z][\w'-]{{1,20}}"
        rf"(?: (?!{_WORDS}\b)[\w'-]{{1,20}})?[ .]{{0,2}}\Z",
    ),
    rf"\b(?i:mme|mlle|madame|mademoiselle|monsieur|mrs?)\.? {_NAMED}|\b(?:M\.|Ms\.?|Miss) {_NAMED}",
    rf"\b(?i:{_IAM}|c'est|this is|it'?s|ici) {_FULL}",
    rf"\b(?i:{_IAM}) {_NAMED}(?= and | et |[,.\n]|\Z)",
    rf"\b(?i:moi,? c'est|call me|appele[rz][ -]moi|nee|signe?e?d?(?: ?:)?) {_NAMED}",
    rf"\b(?i:(?:first |last |family |sur)name|(?:pre)?nom),? {_NAMED}",
    rf"\A(?i:hi|hello|bonjour|bonsoir),? (?i:c'est|it'?s|this is|ici) {_NAMED}",
    rf"{_typed(_KIN)},? {_NAMED}",
    rf"\b{_FULL},? \(?\d\d ?(?:ans|years|yo|yrs)\b",
    rf"\A{_NAMED} here[,.:]|\b{_NAMED} a l'appareil",
    rf"\b{_typed(_FIRM, _THANKS)}[ \n,.!-]{{1,4}}(?:{_FULL}|{_NAMED}){_END}(?=\n|\Z)",
    rf"{_typed(_FIRM, _THANKS)}[^\n]{{0,60}}\n-? ?{_NAMED}{_END}\Z",
    rf"\n{_FULL}{_MORE}?{_END}\Z",
)

#: What follows a number that counts something: hours, kilometres, cells, ...
_UNIT = (
    r"(?i: ?(?:h|min\w{0,5}|km|kms|m|miles?|ans?|mois|jours?|days?|weeks?|hours?|years?|fois|times?"
    r"|mg|ml|personnes|people|unites?|ui|plaq\w{0,6}|leuco\w{0,7}|globules|par|per|euros?|cells?"
    r"|platelets)\b| ?%)"
)
_STREET = (
    "rue|avenue|av|boulevard|bd|blvd|bld|chemin|impasse|allees?|quai|route|rte|residence|faubourg"
    "|lotissement|ruelle|sentier|esplanade"
)
_CLOSE = "drive|close|crescent|square|gardens|way|terrace|court|place"
_OF = r"(?:de la |de l'|des |du |d'|de )"
_POSTAL = rf"(?<!\d)(?:0[1-9]|[1-8]\d|9[0-8]) ?\d{{3}}\b(?!{_UNIT})"
_BIS = r"(?<![\d,.])\d{1,4} ?(?:bis|ter|[a-d])?,? "
_ADDRESS = _any(
    _typed(
        rf"{_BIS}(?:{_STREET})\b",
        rf"{_BIS}(?:place|pl|square|sq|cours|passage|cite|villa)\b\.? (?:de la|de l'|des|du) ?\w",
        rf"\b(?:{_STREET}|place|lieu-dit|hameau) {_OF}[\w'-]{{1,20}}(?: [\w'-]{{1,20}}){{0,2}}"
        rf",? (?:n(?:°|o|umero)? ?)?\d{{1,4}}\b(?!{_UNIT})",
        rf"\b(?:j'habite|habitons|demeure|domiciliee?)\b[^.\n]{{0,12}} (?:{_STREET})\b",
        rf"\b(?:j'habite|demeure|live)(?: au| at)? \d{{1,4}}\b(?!{_UNIT})",
        r"\bmon adresse(?: postale)? ?(?:est(?!-)|c'est|:)",
        r"\bmy (?:home |postal )?address ?(?:is|:)",
        r"\b(?:residence|lotissement) (?:les|la|le|des|du) ?\w|\blieu-?dit\b",
        rf"\b(?:flat|apt|apartment|appartement) (?:n°? ?)?\d{{1,4}}\b(?!{_UNIT})",
        rf"(?<![\d,.])\d{{1,4}}[a-d]?,? (?!{_UNIT})(?:[a-z'-]{{2,20}} ){{1,2}}"
        r"(?:street|road|rd|avenue|ave|lane)\b",
        rf"\b(?:at|is|on|to) \d{{1,4}}[a-d]?,? (?!{_UNIT})[a-z'-]{{3,20}} (?:{_CLOSE})\b",
        rf"\b(?:habite|demeure|adresse|address|live)\b\D{{0,25}}{_POSTAL}",
        rf"(?:\A|\n|, ?){_POSTAL} (?!{_WORDS}\b)[a-z'-]{{3}}",
    ),
    rf"{_BIS}(?i:place|square|cours|passage|cite|villa) {_OF}?[A-Z]",
    r"\b(?i:residence|hameau|lotissement) [A-Z]",
    r"(?<![\d,.])\d{1,4}[a-d]?,? (?:[A-Z][\w'-]{1,20} ){1,3}"
    rf"(?:St|(?i:{_CLOSE}))\b",
    rf"{_POSTAL},? (?:[A-Z][a-z'-]{{2}}|[A-Z]{{3}})",
    r"\b(?!(?i:plaq|leuco|globul|neutro|lympho|poly|platel|wbc))[A-Z][\w'-]{2,30} \(?"
    rf"{_POSTAL}",
    # A British postcode never ends in C, I, K, M, O or V: "L4 8MM" is a vertebra.
    r"\b[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b",
)

_PLATFORM = (
    r"\b(?:insta(?:gram)?|facebook|fb|whatsapp|messenger|telegram|snap(?:chat)?|linkedin|twitter"
    r"|tiktok|skype)\b"
)
_LINK = _typed(
    r"https?://|\bwww\.|\bt\.me/|\bwa\.me/|\btg://|(?<![\w.])@[a-z]\w{3}",
    rf"{_PLATFORM}(?: ?: ?|/)\S",
    rf"\b(?:mon|my|her|his) (?:compte )?(?:{_PLATFORM}|pseudo|user ?name|handle)[^\n]{{0,12}}"
    r"(?:c'est|est|is|:) ?\w",
    rf"{_PLATFORM}[^\n.]{{0,20}}[ :]\w{{1,30}}(?:_\w|\.[a-z]{{3}}|:\w)",
    rf"\b[\w-]{{2,40}}\.{_TLD}",
)

_PATTERNS = {
    Sign.PHONE: re.compile(_PHONE),
    Sign.EMAIL: re.compile(_EMAIL),
    Sign.NAME: re.compile(_NAME),
    Sign.SOCIAL_SECURITY: re.compile(_SECURITY),
    Sign.ADDRESS: re.compile(_ADDRESS),
    Sign.LINK: re.compile(_LINK),
}
_SPELLINGS = str.maketrans(
    {**dict.fromkeys("’‘ʼ`´", "'"), **dict.fromkeys("‐‑‒–—−", "-"), "…": ".", "œ": "oe", "Œ": "Oe"}
)


def _plain(text: str) -> str:
    """`text` without accents and unseen signs, and with one space or new line in a row."""
    split = normalize("NFD", text.translate(_SPELLINGS))
    seen = "".join(c for c in split if not combining(c) and category(c) != "Cf")
    return "\n".join(filter(None, (" ".join(line.split()) for line in seen.splitlines())))


def signs(text: str) -> frozenset[Sign]:
    """The signs that `text` (at most some thousand characters) shows."""
    plain = _plain(text)
    return frozenset(sign for sign, pattern in _PATTERNS.items() if pattern.search(plain))
