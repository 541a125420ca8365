"""The words that open what was shared: short, known to everybody, and none that frightens.

The lists of BIP 39, in which no two words look alike, without accents, as people type them. Left
out is what nobody wants to read beside a page about her illness, or might take for a word about
herself. At least `FEWEST` words stay in each language, so `SIX` of them make 63 bits or more.
"""

from functools import cache
from unicodedata import combining, normalize

from mnemonic import Mnemonic

__all__ = ["FEWEST", "SIX", "UNKIND", "wordlist"]

FEWEST = 1500
#: How many words open a page.
SIX = 6
_NAMES = {"fr": "french", "en": "english"}
_UNKIND_FR = """
abaisser abandon abusif accabler affreux affubler agacer alarmer aliener amertume aneantir
angoisse anomalie anormal anxieux armement arracher arsenic arteriel assaut asservir atroce
attaque aveugle avide bafouer bataille biopsie bistouri blafard blessant brasier broyeur brutal
calomnie calvaire carnage cassure cellule cerebral cerveau cesser chagrin chute clonage colere
combat cortege coupure couteau crainte cribler crotale cruel cyanure cynique danger debattre
dechirer deglutir demolir denuder deranger derober desastre desobeir detester detresse diable
docteur dosage doseur ecraser effacer effrayer ejecter eligible embryon enfermer enfouir ennemi
ennuyeux envahir epidemie epitaphe epreuve epuisant erosion erreur eruption eteindre eternel
exiler faiblir fatal fatigue fautif febrile femur feroce fiasco finir fissure fleau folie
fossile foudre foulure fragile frapper frayeur fremir frenesie frisson fugitif fuite fureur
furieux gelule gouffre griffure grogner gronder guerrier hematome honteux horde hormone
horrible houleux hurler illicite infliger inhiber injecter injure inoculer insulter inutile
invasion irradier irriter ivresse jouissif lacerer lambeau larme litige lourd lugubre lutter
maigre malefice malheur malice matraque maudire maussade mechant medecin menacer mensonge
microbe miracle missile monstre morsure mortier munition mutation naufrage nebuleux nefaste
negation negliger nerveux nocif noirceur nuire nuisible obscur offenser orageux orgueil
ossature ouragan outrager paniquer penible penurie perforer perte phobie pleurer plomb poumon
prison priver psychose punaise punitif querelle ravager reanimer rejeter remede requin revolte
revulsif rigide ruiner saboter scalpel scandale scelerat secouer sedatif semence seminal sevir
sevrage sinistre solitude sombre sottise sternum stupeur supplier surmener survie suspect tabac
tenaille terminer terne terrible therapie thorax tornade torpille tousser toxine tragique
trahir trancher tribunal tumulte typhon tyran uranium urticant usure vaccin vaincre vampire venger
venimeux vexant vexer vilain vipere virus vorace
"""
_UNKIND_EN = """
abandon abuse accident accuse addict afraid alarm alcohol alone anger angry anxiety armed army
assault attack awful battle betray bitter bleak blind blood bomb bone brain broken bullet
burden cancel cannon chaos chest chronic clinic cradle crash crazy crime cruel crumble crush
cry damage danger decline decrease defy delay demise denial dentist deny despair destroy
disease disorder divorce dizzy doctor dose drastic drip dumb end endless enemy erase erode
erosion error evil execute exhaust exile expire fade faint fall false fat fatal fatigue fault
fever final flee fossil fragile fury ghost gloom grief grunt guilt gun hair harsh hazard horror
hospital hunt hurt ill illegal illness immune inflict inject injury inmate insane jealous
kidney knife lab lawsuit liar lonely mad miracle misery miss mistake monster nasty negative neglect
nerve nothing nuclear nurse obscure orphan panic patient penalty pill pistol poverty prison
problem punch raw razor regret reject rifle riot risk rude sad sadness scan scare scatter
scorpion scrap shadow shiver shock shoot sick siege skull slab snake sorry spawn spider spike
sting struggle stumble suffer surge suspect sword symptom test tired tissue tobacco tornado
tragic trap trash trial trouble tumble ugly unable unfair unhappy upset useless vacant vanish
vicious virus void warfare warrior waste weapon weird worry wreck wrestle wrong
"""
#: What is left out of the list of a language.
UNKIND = {"fr": frozenset(_UNKIND_FR.split()), "en": frozenset(_UNKIND_EN.split())}


@cache
def wordlist(language: str) -> tuple[str, ...]:
    """The words of a language: letters from a to z only, each of them once, in their order."""
    plain = map(_plain, Mnemonic(_NAMES[language]).wordlist)
    return tuple(word for word in plain if word not in UNKIND[language])


def _plain(word: str) -> str:
    return "".join(c for c in normalize("NFKD", word) if not combining(c)).lower()
