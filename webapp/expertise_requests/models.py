"""Tables of requests for expertise."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeEngine

from webapp.accounts.models import Account
from webapp.core.db import Base, enum_column
from webapp.core.files.stored_files import StoredFile
from webapp.core.record.acts import Acted
from webapp.core.words.search import Searchable
from webapp.core.words.translation import LabelledEnum, _, _p
from webapp.core.words.vocabularies import CefrLevel, HelpKind, LanguageNeed
from webapp.expertise_requests.mission_days import MOVED, MissionDays
from webapp.organisations.models import Organisation
from webapp.themes.models import Theme


class RequestState(LabelledEnum):
    """Where a request for expertise stands."""

    DRAFT = "draft", _p("state of a request", "draft")
    SUBMITTED = "submitted", _p("state of a request", "submitted")
    RETURNED = "returned", _p("state of a request", "returned")
    ACCEPTED = "accepted", _p("state of a request", "accepted")
    MATCHING = "matching", _p("state of a request", "matching")
    PROPOSED = "proposed", _p("state of a request", "proposed")
    CONFIRMED = "confirmed", _p("state of a request", "confirmed")
    CLOSED = "closed", _p("state of a request", "closed")
    DECLINED = "declined", _p("state of a request", "declined")
    WITHDRAWN = "withdrawn", _p("state of a request", "withdrawn")
    UNFILLED = "unfilled", _p("state of a request", "unfilled")


class Urgency(LabelledEnum):
    """How soon an answer is needed."""

    NORMAL = "normal", _("normal")
    SOON = "soon", _("soon")
    URGENT = "urgent", _("urgent")


class RequesterKind(LabelledEnum):
    """Who asks: an authority by itself, or an office of the United Nations on its behalf."""

    GOVERNMENT = "government", _("an authority by itself")
    UNDP_OFFICE = "UNDP office", _("a UNDP office on behalf of an authority")


class Payer(LabelledEnum):
    """Who pays one item of a mission."""

    REQUESTER = "requester", _("the requester")
    SEESAC = "SEESAC", _("SEESAC")
    UNDP_OFFICE = "UNDP office", _("the UNDP office")
    SENDING_AUTHORITY = "sending authority", _("the expert's authority")
    TO_BE_AGREED = "to be agreed", _("to be agreed")


_BETWEEN = "{0} IS NULL OR {0} BETWEEN {1} AND {2}"
# A draft may be empty; what has been submitted may not lack these.
_COMPLETE = "state IN ('draft', 'withdrawn') OR ({})"


def _later_text(kind: TypeEngine[str]) -> Any:
    """Return a column of a text that requests did not have from the first."""
    return mapped_column(kind, default="", server_default=sa.text("''"))


def reference_of(number: int) -> str:
    """Return the reference of the request of this number."""
    return f"R-{number:04d}"


def number_of(reference: str) -> int:
    """Return the number of the request of this reference."""
    return int(reference.removeprefix("R-"))


class ExpertiseRequest(MissionDays, Searchable, Base):
    """A request for expertise. `tor_version` counts the accepted terms of reference.

    It belongs to `requester`, who owns it, and to the organisation for which that person wrote it:
    colleagues there read it and may take it over.
    """

    __tablename__ = "expertise_request"
    __table_args__ = (
        sa.CheckConstraint("experts_needed BETWEEN 1 AND 20", name="experts_needed"),
        sa.CheckConstraint('start IS NULL OR "end" IS NULL OR "end" >= start', name="period"),
        sa.CheckConstraint(MOVED, name="moved"),
        sa.CheckConstraint(_BETWEEN.format("years_wanted", 1, 40), name="years_wanted"),
        sa.CheckConstraint(_BETWEEN.format("days_needed", 1, 730), name="days_needed"),
        sa.CheckConstraint(_BETWEEN.format("audience_women", 0, 10000), name="audience_women"),
        sa.CheckConstraint(_BETWEEN.format("audience_men", 0, 10000), name="audience_men"),
        sa.CheckConstraint(
            _COMPLETE.format("title <> '' AND start IS NOT NULL AND \"end\" IS NOT NULL"),
            name="complete",
        ),
        sa.CheckConstraint(
            "tor_version > 0 OR state NOT IN"
            " ('accepted', 'matching', 'proposed', 'confirmed', 'closed', 'unfilled')",
            name="terms_accepted",
        ),
        # A form sent twice makes one draft: each showing of it carries a token of its own.
        sa.UniqueConstraint("requester_id", "form_token"),
        sa.Index(None, "state"),
        sa.Index(None, "requester_id"),
    )
    searched = ("title", "place")

    id: Mapped[int] = mapped_column(primary_key=True)
    requester_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="RESTRICT"))
    organisation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="RESTRICT"), index=True
    )
    state: Mapped[RequestState] = mapped_column(
        enum_column(RequestState, "state"), default=RequestState.DRAFT
    )
    state_since: Mapped[datetime]
    # Until when the requester is asked to answer, where an answer of theirs is awaited.
    reply_by: Mapped[date | None]
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    # The coordinator who sees to it. As in the audit log, the number stays without the account.
    handled_by: Mapped[int | None]
    # When somebody at SEESAC opened it first; from then on its writer cannot take it back.
    read_at: Mapped[datetime | None]
    # When what it says of people was taken out, because it ended long ago.
    people_forgotten_at: Mapped[datetime | None]
    form_token: Mapped[str | None] = mapped_column(sa.String(64))

    title: Mapped[str] = mapped_column(sa.String(200), default="")
    background: Mapped[str] = mapped_column(sa.Text, default="")
    objectives: Mapped[str] = mapped_column(sa.Text, default="")
    outputs: Mapped[str] = mapped_column(sa.Text, default="")
    tasks: Mapped[str] = mapped_column(sa.Text, default="")
    audience: Mapped[str] = mapped_column(sa.Text, default="")
    audience_women: Mapped[int | None]
    audience_men: Mapped[int | None]
    expert_background: Mapped[str] = mapped_column(sa.Text, default="")
    rank_wanted: Mapped[str] = _later_text(sa.String(200))
    years_wanted: Mapped[int | None]
    existing: Mapped[str] = mapped_column(sa.Text, default="")
    costs: Mapped[str] = mapped_column(sa.Text, default="")
    pays_travel: Mapped[Payer | None] = mapped_column(enum_column(Payer, "pays_travel"))
    pays_accommodation: Mapped[Payer | None] = mapped_column(
        enum_column(Payer, "pays_accommodation")
    )
    pays_allowance: Mapped[Payer | None] = mapped_column(enum_column(Payer, "pays_allowance"))
    pays_insurance: Mapped[Payer | None] = mapped_column(enum_column(Payer, "pays_insurance"))
    pays_interpretation: Mapped[Payer | None] = mapped_column(
        enum_column(Payer, "pays_interpretation")
    )
    pays_venue: Mapped[Payer | None] = mapped_column(enum_column(Payer, "pays_venue"))
    security: Mapped[str] = mapped_column(sa.Text, default="")
    security_office: Mapped[str] = _later_text(sa.Text())
    follow_up: Mapped[str] = _later_text(sa.Text())
    help_kind: Mapped[HelpKind | None] = mapped_column(enum_column(HelpKind, "help_kind"))
    urgency: Mapped[Urgency] = mapped_column(
        enum_column(Urgency, "urgency"), default=Urgency.NORMAL
    )
    asked_by: Mapped[RequesterKind] = mapped_column(
        enum_column(RequesterKind, "asked_by"),
        default=RequesterKind.GOVERNMENT,
        server_default=RequesterKind.GOVERNMENT.value,
    )
    office: Mapped[str] = _later_text(sa.String(200))
    focal_point: Mapped[str] = mapped_column(sa.String(200), default="")
    authorised_contact: Mapped[str] = _later_text(sa.String(200))
    jurisdiction: Mapped[str | None] = mapped_column(sa.String(3))
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    days_needed: Mapped[int | None]
    names_by: Mapped[date | None]
    flexibility: Mapped[str] = mapped_column(sa.String(200), default="")
    experts_needed: Mapped[int] = mapped_column(default=1)
    interpretation: Mapped[bool] = mapped_column(default=False)
    tor_version: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column()

    requester: Mapped[Account] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    themes: Mapped[list["RequestTheme"]] = relationship(
        back_populates="request", cascade="all, delete-orphan", order_by="RequestTheme.position"
    )
    languages: Mapped[list["RequiredLanguage"]] = relationship(
        back_populates="request", cascade="all, delete-orphan", order_by="RequiredLanguage.id"
    )
    excluded: Mapped[list["ExcludedJurisdiction"]] = relationship(
        back_populates="request",
        cascade="all, delete-orphan",
        order_by="ExcludedJurisdiction.code",
    )
    terms: Mapped[list["TermsOfReference"]] = relationship(
        back_populates="request", cascade="all, delete-orphan", order_by="TermsOfReference.version"
    )
    # Whose own a request is cannot be said without: it is read with the request itself.
    acted: Mapped[list["ActedOn"]] = relationship(lazy="selectin", viewonly=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so.

    @property
    def reference(self) -> str:
        """Return the reference under which people speak of the request."""
        return reference_of(self.id)

    @property
    def days(self) -> int | None:
        """Return how many days lie between the first and the last, both of them counted."""
        if self.start is None or self.end is None:
            return None
        return (self.end - self.start).days + 1


class ActedOn(Acted, Base):
    """For which side somebody has acted on a request, as the log has it (`sides.py` writes it)."""

    __tablename__ = "acted_on"
    __table_args__ = (
        sa.CheckConstraint(
            "side IN ('requester', 'coordinator', 'nominating authority')", name="side"
        ),
    )

    request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("expertise_request.id", ondelete="CASCADE"), primary_key=True
    )


class RequestTheme(Base):
    """A theme of the request; `position` 1 is the main one."""

    __tablename__ = "request_theme"
    __table_args__ = (
        sa.UniqueConstraint("request_id", "theme_code"),
        sa.UniqueConstraint("request_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("expertise_request.id", ondelete="CASCADE")
    )
    theme_code: Mapped[str] = mapped_column(sa.ForeignKey("theme.code", ondelete="RESTRICT"))
    position: Mapped[int]

    request: Mapped[ExpertiseRequest] = relationship(back_populates="themes")
    theme: Mapped[Theme] = relationship()


class RequiredLanguage(Base):
    """A language with the least level asked for; one that is merely useful rules nobody out.

    Of those of which `one_is_enough`, an expert needs one.
    """

    __tablename__ = "required_language"
    __table_args__ = (
        sa.UniqueConstraint("request_id", "language"),
        sa.CheckConstraint("required OR NOT one_is_enough", name="one_of_the_required"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("expertise_request.id", ondelete="CASCADE")
    )
    language: Mapped[str] = mapped_column(sa.String(3))
    level: Mapped[CefrLevel] = mapped_column(enum_column(CefrLevel, "level"))
    required: Mapped[bool] = mapped_column(default=True)
    one_is_enough: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    request: Mapped[ExpertiseRequest] = relationship(back_populates="languages")

    @classmethod
    def asked(cls, language: str, level: CefrLevel, need: LanguageNeed) -> "RequiredLanguage":
        """Return the row of a language that is asked for."""
        return cls(language=language, level=level, **cls.columns_of(need))

    @staticmethod
    def columns_of(need: LanguageNeed) -> dict[str, bool]:
        """Return the columns that say how much a language is needed."""
        return {
            "required": need is not LanguageNeed.USEFUL,
            "one_is_enough": need is LanguageNeed.ONE_OF,
        }

    @property
    def need(self) -> LanguageNeed:
        """Return how much the language is needed."""
        if self.one_is_enough:
            return LanguageNeed.ONE_OF
        return LanguageNeed.REQUIRED if self.required else LanguageNeed.USEFUL


class ExcludedJurisdiction(Base):
    """A jurisdiction whose experts the requester cannot receive."""

    __tablename__ = "excluded_jurisdiction"
    __table_args__ = (sa.UniqueConstraint("request_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("expertise_request.id", ondelete="CASCADE")
    )
    code: Mapped[str] = mapped_column(sa.String(3))

    request: Mapped[ExpertiseRequest] = relationship(back_populates="excluded")


class TermsOfReference(Base):
    """The text of a request as it was accepted; deployments refer to a version of it."""

    __tablename__ = "terms_of_reference"
    __table_args__ = (sa.UniqueConstraint("request_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("expertise_request.id", ondelete="CASCADE")
    )
    version: Mapped[int] = mapped_column()
    accepted_at: Mapped[datetime]
    accepted_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="RESTRICT"))
    content: Mapped[dict[str, Any]]

    request: Mapped[ExpertiseRequest] = relationship(back_populates="terms")


class RequestMessage(Base):
    """What requester and SEESAC write to each other about a request.

    `from_office` is the side on which it was written. A requester's is a task of SEESAC until
    `settled_at`, when somebody answered, or said that no answer is needed. As in the audit log, the
    account is a mere number. The text is empty when its writer was erased.
    """

    __tablename__ = "request_message"
    __table_args__ = (
        sa.Index(
            "ix_request_message_open",
            "request_id",
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("expertise_request.id", ondelete="CASCADE"), index=True
    )
    written_at: Mapped[datetime]
    written_by: Mapped[int] = mapped_column(index=True)
    from_office: Mapped[bool]
    text: Mapped[str] = mapped_column(sa.Text)
    settled_at: Mapped[datetime | None]

    @property
    def is_open(self) -> bool:
        """Tell whether it waits for SEESAC; one without words is no question any more."""
        return self.settled_at is None and not self.from_office and self.text != ""


class FieldComment(Base):
    """What SEESAC wrote at one field of a request that it returned for correction.

    It is shown at that field until the request is sent again, at `settled_at`; afterwards it is
    read in the story of the request, where the return of that moment stands. As in the audit log,
    the account is a mere number. The text is empty when its writer was erased.
    """

    __tablename__ = "field_comment"
    __table_args__ = (sa.UniqueConstraint("request_id", "written_at", "field"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("expertise_request.id", ondelete="CASCADE"), index=True
    )
    field: Mapped[str] = mapped_column(sa.String(32))
    text: Mapped[str] = mapped_column(sa.Text)
    written_at: Mapped[datetime]
    written_by: Mapped[int] = mapped_column(index=True)
    settled_at: Mapped[datetime | None]


class RequestFile(StoredFile, Base):
    """A file that belongs to a request, such as an agenda; experts who are invited may read it too.

    As in the audit log, the account is a mere number.
    """

    __tablename__ = "request_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("expertise_request.id", ondelete="CASCADE"), index=True
    )
    for_invited: Mapped[bool]
    added_at: Mapped[datetime]
    added_by: Mapped[int] = mapped_column(index=True)
