"""Tables of the reports on missions, and of what follows from them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.core.db import Base, enum_column
from webapp.core.files.stored_files import StoredFile
from webapp.core.words.translation import LabelledEnum, _, _p
from webapp.deployments.models import Deployment
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Evidence
from webapp.themes.models import Theme


class Side(LabelledEnum):
    """Whose report on a mission it is."""

    EXPERT = "expert", _p("side of a report", "the expert")
    REQUESTER = "requester", _p("side of a report", "the requester")


class PointKind(LabelledEnum):
    """What the terms of reference ask for, point by point."""

    TASK = "task", _("task")
    OUTPUT = "output", _("output")


class Again(LabelledEnum):
    """Whether somebody would do it once more."""

    YES = "yes", _("yes")
    OTHERWISE = "otherwise", _("yes, if something is done otherwise")
    NO = "no", _("no")


_COUNTED = "{column} IS NULL OR {column} BETWEEN 0 AND 10000"


class MissionReport(Base):
    """What one side says of a mission: a draft of its own until it was sent.

    Each expert has one on their own mission. The requester has one for all who went for the
    request, `request_id`, with a judgement of each; `deployment_id` is then the mission on whose
    page it was begun. Without `request_id` a version before has written it, or it is a draft that
    was none of those that became one report (decision 158).

    `women` and `men` are all who took part: the sums of its `participants`, where it has them by
    institution. What reports that were written before say in one text stands in `institutions`,
    and in `done` what belongs to none of the `points`.

    `reopened_at` is when SEESAC gave it back to be corrected, which happens once. As in the audit
    log, who wrote it is a mere number; `by_office` tells that SEESAC wrote down what it was told.
    """

    __tablename__ = "mission_report"
    __table_args__ = (
        sa.UniqueConstraint("deployment_id", "side"),
        sa.CheckConstraint(_COUNTED.format(column="women"), name="women"),
        sa.CheckConstraint(_COUNTED.format(column="men"), name="men"),
        sa.CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name="rating"),
        sa.CheckConstraint(
            "sent_at IS NULL OR side = 'requester' OR (rating IS NOT NULL AND again IS NOT NULL)",
            name="complete",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int] = mapped_column(sa.ForeignKey("deployment.id", ondelete="RESTRICT"))
    request_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("expertise_request.id", ondelete="RESTRICT"), index=True, unique=True
    )
    side: Mapped[Side] = mapped_column(enum_column(Side, "side"))
    written_by: Mapped[int] = mapped_column(index=True)
    by_office: Mapped[bool]
    saved_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]
    done: Mapped[str] = mapped_column(sa.Text, default="")
    women: Mapped[int | None]
    men: Mapped[int | None]
    institutions: Mapped[str] = mapped_column(sa.Text, default="")
    outputs: Mapped[str] = mapped_column(sa.Text, default="")
    lacking: Mapped[str] = mapped_column(sa.Text, default="")
    rating: Mapped[int | None]
    again: Mapped[Again | None] = mapped_column(enum_column(Again, "again"))
    version: Mapped[int] = mapped_column()

    deployment: Mapped[Deployment] = relationship()
    judgements: Mapped[list["Judgement"]] = relationship(
        cascade="all, delete-orphan", order_by="Judgement.deployment_id"
    )
    points: Mapped[list["Point"]] = relationship(cascade="all, delete-orphan", order_by="Point.id")
    participants: Mapped[list["Participants"]] = relationship(
        cascade="all, delete-orphan", order_by="Participants.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so.


class Point(Base):
    """What was done of a task of the terms of reference, or came of an output, with the words in
    which it was `asked` for: both sides answer for the same ones."""

    __tablename__ = "mission_point"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(
        sa.ForeignKey("mission_report.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[PointKind] = mapped_column(enum_column(PointKind, "kind"))
    asked: Mapped[str] = mapped_column(sa.Text)
    said: Mapped[str] = mapped_column(sa.Text)


class Participants(Base):
    """How many took part from an institution; it names nobody."""

    __tablename__ = "mission_participants"
    __table_args__ = (
        sa.CheckConstraint(_COUNTED.format(column="women"), name="women"),
        sa.CheckConstraint(_COUNTED.format(column="men"), name="men"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(
        sa.ForeignKey("mission_report.id", ondelete="CASCADE"), index=True
    )
    institution: Mapped[str] = mapped_column(sa.String(200))
    women: Mapped[int | None]
    men: Mapped[int | None]


class Judgement(Base):
    """How useful the help of one expert was, in the report of the requester on all who went."""

    __tablename__ = "mission_judgement"
    __table_args__ = (
        sa.CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name="rating"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(
        sa.ForeignKey("mission_report.id", ondelete="CASCADE"), index=True
    )
    deployment_id: Mapped[int] = mapped_column(
        sa.ForeignKey("deployment.id", ondelete="RESTRICT"), unique=True
    )
    rating: Mapped[int | None]
    again: Mapped[Again | None] = mapped_column(enum_column(Again, "again"))

    deployment: Mapped[Deployment] = relationship()


class MissionReportFile(StoredFile, Base):
    """A file that belongs to a report, such as a presentation; read by those who read what remains.

    As in the audit log, the account is a mere number.
    """

    __tablename__ = "mission_report_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(
        sa.ForeignKey("mission_report.id", ondelete="CASCADE"), index=True
    )
    added_at: Mapped[datetime]
    added_by: Mapped[int] = mapped_column(index=True)


class MissionEntry(Base):
    """The piece of evidence that a mission has become in its expert's profile, at most one."""

    __tablename__ = "mission_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int] = mapped_column(
        sa.ForeignKey("deployment.id", ondelete="RESTRICT"), unique=True
    )
    evidence_id: Mapped[int] = mapped_column(
        sa.ForeignKey("evidence.id", ondelete="CASCADE"), unique=True
    )

    evidence: Mapped[Evidence] = relationship()


class FollowUp(Base):
    """How it went on in the months after a mission, as the requester says once for all who went for
    a request; `by_office` and `deployment_id` as above."""

    __tablename__ = "mission_follow_up"

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int] = mapped_column(
        sa.ForeignKey("deployment.id", ondelete="RESTRICT"), unique=True
    )
    request_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("expertise_request.id", ondelete="RESTRICT"), index=True, unique=True
    )
    written_by: Mapped[int] = mapped_column(index=True)
    by_office: Mapped[bool]
    answered_at: Mapped[datetime]
    in_use: Mapped[str] = mapped_column(sa.Text)
    changed: Mapped[str] = mapped_column(sa.Text)
    wanted: Mapped[str] = mapped_column(sa.Text)


class Lesson(Base):
    """What a mission has taught those who plan the next one; it names nobody."""

    __tablename__ = "lesson"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("expertise_request.id", ondelete="RESTRICT"), index=True
    )
    theme_code: Mapped[str | None] = mapped_column(
        sa.ForeignKey("theme.code", ondelete="RESTRICT"), index=True
    )
    jurisdiction: Mapped[str | None] = mapped_column(sa.String(3), index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    written_by: Mapped[int] = mapped_column(index=True)
    written_at: Mapped[datetime]

    request: Mapped[ExpertiseRequest] = relationship()
    theme: Mapped[Theme | None] = relationship()
