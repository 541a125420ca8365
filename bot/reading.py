"""The environment while it is read: its values, and what is wrong with them."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from bot.variables import SETTINGS
from dialogs.conversation.session import LANGUAGES

__all__ = ["Reading", "SettingsError"]

T = TypeVar("T")


class SettingsError(Exception):
    """One or more settings are missing or wrong; each line names one and its mend."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Reading:
    """Each variable of `SETTINGS`, or its default; `problems` name what is wrong and the mend."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """`environment` may hold anything else besides."""
        self.values = {s.name: environment.get(s.name, "").strip() or s.default for s in SETTINGS}
        self.problems: list[str] = []

    def cast(
        self, name: str, cast: Callable[[str], T], mend: str, secret: bool = False
    ) -> T | None:
        """The value of `name`; None, and one problem more, when it is wrong."""
        try:
            return cast(self.values[name])
        except ValueError:
            shown = name if secret else f"{name}={self.values[name]!r}"
            self.problems.append(f"{shown} {mend}")
            return None

    def optional(self, name: str, cast: Callable[[str], T], mend: str) -> T | None:
        """The same for a value that may be left out."""
        return self.cast(name, cast, mend) if self.values[name] else None

    def by_language(self, prefix: str, cast: Callable[[str], T], mend: str) -> dict[str, T]:
        """The same for one variable for each language, such as `CHANNEL_FR`; those that are set."""
        read = {one: self.optional(f"{prefix}_{one.upper()}", cast, mend) for one in LANGUAGES}
        return {language: value for language, value in read.items() if value is not None}
