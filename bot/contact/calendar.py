"""The days besides weekends on which study centres in France do not work."""

from datetime import date

import holidays

__all__ = ["public_holidays"]


def public_holidays(years: range) -> frozenset[date]:
    """The public holidays of metropolitan France; those of Alsace and Moselle alone are left out.

    Source: Code du travail, art. L3133-1, as the `holidays` library keeps it.
    """
    return frozenset(holidays.country_holidays("FR", years=years))
