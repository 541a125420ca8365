"""The live registry: one record of ClinicalTrials.gov, by its number."""

from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from bot.registry.record import LIMIT, NUMBER, RegistryError, Study, read_record

__all__ = ["REGISTRY", "fetch"]

REGISTRY = "https://clinicaltrials.gov"
_MISSING = 404
_FILE = "or download the record in a browser and import the file"


def fetch(number: str, base: str = REGISTRY, patience: float = 20.0) -> Study:
    """The study with `number`; `RegistryError` says why it cannot be had.

    `patience` is how many seconds the registry may stay silent. The number is all that is sent.
    """
    number = number.upper()
    if not NUMBER.fullmatch(number):
        raise RegistryError(f"{number[:40]!r} is no number of ClinicalTrials.gov: NCT and 8 digits")
    if not base.startswith(("http://", "https://")):
        raise RegistryError(f"{base!r} is no address of a registry: write https://…")
    study = read_record(number, _answer(number, base.rstrip("/"), patience))
    if study.number != number:
        raise RegistryError(f"{number}: the registry keeps it as {study.number}: fetch that one")
    return study


def _answer(number: str, base: str, patience: float) -> bytes:
    address = f"{base}/api/v2/studies/{number}"
    headers = {"Accept": "application/json", "User-Agent": "Passerelle"}
    try:
        request = Request(address, headers=headers)  # noqa: S310 - `fetch` lets the web through only
        with urlopen(request, timeout=patience) as answer:  # noqa: S310 - as above
            data: bytes = answer.read(LIMIT + 1)
            return data
    except HTTPError as error:
        error.close()
        if error.code == _MISSING:
            raise RegistryError(
                f"{number}: the registry has no such study: look at the number"
            ) from None
        raise RegistryError(
            f"{number}: the registry answered {error.code}: try again later, {_FILE}"
        ) from None
    except (HTTPException, OSError, ValueError) as error:
        cause = error.reason if isinstance(error, URLError) else error
        why = str(cause) or type(cause).__name__
        raise RegistryError(
            f"{number}: the registry cannot be reached ({why}): look at the network, {_FILE}"
        ) from None
