"""Reading settings from the environment: what is wrong is refused in a sentence that names it."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from email.utils import parseaddr

# The calendar ends, and what is reckoned with longer spans would fail on every page.
LONGEST = timedelta(days=365)


# A rough look: whether it is somebody's shows the first mail.
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


class ConfigurationError(RuntimeError):
    """The platform cannot start with these settings."""


class Environment:
    """The environment of a process; a variable that is empty counts as one that is not set."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given

    def text(self, name: str, usual: str = "") -> str:
        """Return what the variable holds, without the blanks around it."""
        return self._given.get(name, "").strip() or usual

    def raw(self, name: str) -> str:
        """Return what the variable holds, with the blanks around it."""
        return self._given.get(name, "")

    def given(self, name: str) -> str | None:
        """Return what the variable holds even if it is empty, or None if it is not set."""
        held = self._given.get(name)
        return None if held is None else held.strip()

    def words(self, name: str) -> list[str]:
        """Return the parts of a list, which blanks or commas set apart."""
        return self.text(name).replace(",", " ").split()

    def flag(self, name: str) -> bool:
        """Return whether something is switched on: by 1, and off by 0."""
        given = self.text(name, "0")
        if given not in {"0", "1"}:
            raise ConfigurationError(f"{name} must be 1 or 0")
        return given == "1"

    def choice(self, name: str, usual_first: Sequence[str]) -> str:
        """Return one of several words."""
        given = self.text(name, usual_first[0])
        if given not in usual_first:
            raise ConfigurationError(f"{name} must be {' or '.join(usual_first)}")
        return given

    def number(self, name: str, usual: int, least: int, most: int) -> int:
        """Return a whole number between `least` and `most`."""
        given = self.text(name, str(usual))
        # Five digits hold every number that is asked for; more could not even be read.
        found = int(given) if given.isascii() and given.isdigit() and len(given) <= 5 else -1
        if not least <= found <= most:
            raise ConfigurationError(f"{name} must be a whole number from {least} to {most}")
        return found

    def mail_addresses(self, name: str) -> list[str]:
        """Return the addresses of a list."""
        given = self.words(name)
        if not all(map(_ADDRESS.fullmatch, given)):
            raise ConfigurationError(f"{name} must hold addresses such as people@example.org")
        return given

    def mail_sender(self, name: str, usual: str) -> str:
        """Return an address, or a name with the address in angle brackets."""
        given = self.text(name, usual)
        _called, address = parseaddr(given)
        if not given.isprintable() or not _ADDRESS.fullmatch(address):
            raise ConfigurationError(f"{name} must be an address such as platform@example.org")
        return given

    def minutes(self, name: str, usual: float) -> timedelta:
        """Return a span of time that is given in minutes."""
        try:
            found = timedelta(minutes=float(self.text(name, str(usual))))
        except (ValueError, OverflowError) as error:
            raise ConfigurationError(f"{name} must be a number of minutes") from error
        if found > LONGEST:
            raise ConfigurationError(f"{name} must be at most {LONGEST.days * 24 * 60}")
        if found < timedelta(seconds=1):
            raise ConfigurationError(f"{name} must be long enough to do something")
        return found
