"""What the ranked experts of a request can be narrowed to."""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from webapp.core.words.translation import LabelledEnum, _
from webapp.core.words.vocabularies import CefrLevel


class Load(LabelledEnum):
    """How many days of a year missions take."""

    NOTHING = "nothing", _("no day")
    LITTLE = "little", _("up to ten days")
    SOME = "some", _("eleven to thirty days")
    MUCH = "much", _("more than thirty days")


class Proof(LabelledEnum):
    """Whether somebody else has confirmed what a profile says."""

    CONFIRMED = "confirmed", _("some of it confirmed by others")
    UNCONFIRMED = "unconfirmed", _("none of it confirmed by others")


@dataclass(frozen=True)
class Narrowing:
    """What a list of experts is narrowed to, one field for each choice."""

    @property
    def given(self) -> tuple[str, ...]:
        """Return the names of what narrows the list."""
        return tuple(one.name for one in fields(self) if getattr(self, one.name))

    def without(self, names: Collection[str]) -> Self:
        """Return what is left when nothing is chosen in these fields."""
        nothing: dict[str, Any] = {
            one.name: one.default for one in fields(self) if one.name in names
        }
        return replace(self, **nothing)


@dataclass(frozen=True)
class Wanted(Narrowing):
    """What a ranking is narrowed to; None narrows nothing.

    `subject` is the matcher's id of a concept that the request asks for and the profile must show.
    """

    subject: str | None = None
    theme: str | None = None
    language: str | None = None
    level: CefrLevel | None = None
    jurisdiction: str | None = None
    institution: str | None = None
    load: Load | None = None
    evidence: Proof | None = None


EVERYBODY = Wanted()
