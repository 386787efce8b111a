"""What the roster can be narrowed to, sorted by and shown with."""

from dataclasses import dataclass

from webapp.core.words.translation import LabelledEnum, _, _p
from webapp.core.words.vocabularies import CefrLevel, HelpKind
from webapp.experts.models import ExpertState
from webapp.matches.ranking.narrowing import Load, Narrowing


class Confirmed(LabelledEnum):
    """How long ago somebody confirmed a profile."""

    LATELY = "lately", _("within three months")
    THIS_YEAR = "this-year", _("three to twelve months ago")
    LONG_AGO = "long-ago", _("longer ago")
    NEVER = "never", _("never")


class Approved(LabelledEnum):
    """How the approval of the nominating authority stands today."""

    VALID = "valid", _("valid for longer than sixty days")
    ENDING = "ending", _("ends within sixty days")
    ENDED = "ended", _("has ended")
    NONE = "none", _("none noted")


class Column(LabelledEnum):
    """What the list can show beside the name."""

    POST = "post", _("Post and institution")
    JURISDICTION = "jurisdiction", _("Jurisdiction")
    THEMES = "themes", _("Themes")
    LANGUAGES = "languages", _("Languages")
    WAYS = "ways", _("Ways of help")
    CONFIRMED = "confirmed", _("Last confirmed")
    AVAILABILITY = "availability", _("Coming months")
    APPROVAL = "approval", _("Approved until")
    LOAD = "load", _("Days this year")
    CONTACT = "contact", _("E-mail and telephone")
    RANK = "rank", _("Rank")
    UNIT = "unit", _("Unit")
    ENTITY = "entity", _("Part of the jurisdiction")
    SERVICE = "service", _("Still serving")
    STATE_SINCE = "state-since", _("In this state since")
    MISSIONS = "missions", _("Missions of the platform")
    NOTICE = "notice", _("Notice needed, in days")
    MAX_DAYS = "max-days", _("Longest absence, in days")
    MOST_MISSIONS = "most-missions", _("Most missions in a year")


USUAL_COLUMNS = (
    Column.POST, Column.JURISDICTION, Column.THEMES, Column.LANGUAGES, Column.CONFIRMED,
    Column.AVAILABILITY,
)  # fmt: skip


class Sort(LabelledEnum):
    """By what the list is sorted; relevance is how much a profile bears on the words."""

    RELEVANCE = "relevance", _p("order of a list", "how well the words fit")
    NAME = "name", _p("order of a list", "name")
    INSTITUTION = "institution", _p("order of a list", "institution")
    JURISDICTION = "jurisdiction", _p("order of a list", "jurisdiction, by its code")
    CONFIRMED = "confirmed", _p("order of a list", "longest not confirmed first")
    APPROVAL = "approval", _p("order of a list", "approval that ends first")
    LEAST = "least", _p("order of a list", "fewest days this year first")
    MOST = "most", _p("order of a list", "most days this year first")


@dataclass(frozen=True)
class Asked(Narrowing):
    """What the roster is narrowed to; None and no words narrow nothing."""

    words: str = ""
    theme: str | None = None
    jurisdiction: str | None = None
    institution: str | None = None
    language: str | None = None
    level: CefrLevel | None = None
    way: HelpKind | None = None
    state: ExpertState | None = None
    confirmed: Confirmed | None = None
    approval: Approved | None = None
    load: Load | None = None
