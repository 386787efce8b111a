"""Tables of the things that missions need, and of the files that belong to them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.core.db import Base, enum_column
from webapp.core.files.stored_files import StoredFile
from webapp.core.record.reasons import Reason
from webapp.core.words.translation import LabelledEnum, _, _p


class NeedKind(LabelledEnum):
    """What a mission can need; the value ends the address of its page."""

    RELEASE = "release", _("release letter")
    CONSENT = "consent", _("consent to the risk")
    INVITATION = "invitation", _("letter of invitation")
    VISA = "visa", _("visa")
    INSURANCE = "insurance", _("insurance")
    MEDICAL = "medical", _("fitness to travel")
    TICKETS = "tickets", _("tickets")
    BRIEFING = "briefing", _("security briefing")
    HOST = "host", _("rooms and reception")
    MATERIALS = "materials", _("teaching material")
    ACCESS = "access", _("access to papers and places")
    CONNECTION = "connection", _("line and interpretation tried")


class ItemState(LabelledEnum):
    """Where a thing that a mission needs stands."""

    OPEN = "open", _p("state of a thing to see to", "open")
    DONE = "done", _p("state of a thing to see to", "done")
    NOT_NEEDED = "not needed", _p("state of a thing to see to", "not needed")


class Item(Base):
    """What was done about a thing that a mission needs; without a row nothing was.

    `text_version` is that of the text which the expert signed here, and `signed_text` that text as
    they read it, in `signed_language`; older signatures have the version alone. As in the audit
    log, who changed it is a mere number; `by_office` tells that SEESAC noted it for a side that is
    not here. `owner_id` is who of its side was asked to see to it, a mere number too; whoever has
    left the side since sees to it no more.
    """

    __tablename__ = "mission_item"
    __table_args__ = (
        sa.UniqueConstraint("deployment_id", "kind"),
        sa.CheckConstraint("(state = 'not needed') = (reason_id IS NOT NULL)", name="reasoned"),
        sa.CheckConstraint(
            "text_version IS NULL OR (kind = 'consent' AND state = 'done')", name="signature"
        ),
        sa.CheckConstraint(
            "kind <> 'consent' OR state <> 'done' OR by_office OR text_version IS NOT NULL",
            name="signed",
        ),
        # Nobody consents for somebody else.
        sa.CheckConstraint("kind <> 'consent' OR state <> 'not needed'", name="consent_needed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int] = mapped_column(sa.ForeignKey("deployment.id", ondelete="RESTRICT"))
    kind: Mapped[NeedKind] = mapped_column(enum_column(NeedKind, "kind"))
    state: Mapped[ItemState] = mapped_column(enum_column(ItemState, "state"))
    state_since: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(index=True)
    by_office: Mapped[bool]
    reason_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("reason.id", ondelete="RESTRICT"), index=True
    )
    text_version: Mapped[str | None] = mapped_column(sa.String(32))
    signed_language: Mapped[str | None] = mapped_column(sa.String(8))
    signed_text: Mapped[str | None] = mapped_column(sa.Text)
    owner_id: Mapped[int | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column()

    reason: Mapped[Reason | None] = relationship()
    file: Mapped["ItemFile | None"] = relationship(
        passive_deletes=True, cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so.


class ItemFile(StoredFile, Base):
    """The file that belongs to a thing that a mission needs, such as a certificate."""

    __tablename__ = "mission_item_file"

    item_id: Mapped[int] = mapped_column(
        sa.ForeignKey("mission_item.id", ondelete="CASCADE"), primary_key=True
    )
