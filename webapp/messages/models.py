"""The outbox, the notices, what is said only once, and the pulse of each job worker."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.models import Account
from webapp.core.db import Base
from webapp.core.record.disclosure import Person
from webapp.core.record.reasons import Reason
from webapp.core.record.stored_words import people_in


class OutboxMessage(Base):
    """A mail to one person; it is the truth about what was and was not sent.

    It goes to `address` if that is not yet, or no more, the account's own, and where there is none:
    the person whose own row is `person_id` of the table `person_table` is reached by it alone.
    Whoever sends it claims it first: until `claimed_until` nobody else does. An `urgent` one leaves
    before all others.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        sa.CheckConstraint("account_id IS NOT NULL OR address IS NOT NULL", name="reader"),
        sa.Index(None, "person_table", "person_id"),
        sa.Index(
            "ix_outbox_message_due",
            "due_at",
            sqlite_where=sa.text("sent_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NULL"),
        ),
        sa.CheckConstraint("address <> ''", name="address_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    address: Mapped[str | None] = mapped_column(sa.String(254))
    person_table: Mapped[str | None] = mapped_column(sa.String(64))
    person_id: Mapped[int | None]
    message_id: Mapped[str] = mapped_column(sa.String(120), unique=True)
    subject: Mapped[str] = mapped_column(sa.String(250))
    body: Mapped[str] = mapped_column(sa.Text)
    # A link that lets its reader in, encrypted until the mail has left.
    secret_link: Mapped[bytes | None]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    urgent: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(sa.Text, default="")

    account: Mapped[Account | None] = relationship()

    @property
    def goes_to(self) -> str:
        """Return the address to which it leaves."""
        return self.address or (self.account.email if self.account else "")


class Notice(Base):
    """What one person is told on their page of notices.

    `words` holds its texts as core/record/stored_words.py stores them, but for the reason of what
    it tells: that is a row of its own, of which the text can be removed. One that is `for_digest`
    waits for the person's daily mail. Whom the words name stands beside them (`named`), so that who
    is erased is found without reading every notice: while `people_noted` is false nobody has
    looked yet.
    """

    __tablename__ = "notice"
    __table_args__ = (
        sa.Index(
            "ix_notice_unread",
            "account_id",
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        ),
        sa.Index(
            "ix_notice_for_digest",
            "account_id",
            sqlite_where=sa.text("for_digest"),
            postgresql_where=sa.text("for_digest"),
        ),
        sa.Index(None, "account_id", "id"),
        sa.Index(
            "ix_notice_people_not_noted",
            "id",
            sqlite_where=sa.text("people_noted = 0"),
            postgresql_where=sa.text("NOT people_noted"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(index=True)
    read_at: Mapped[datetime | None]
    path: Mapped[str] = mapped_column(sa.String(200))
    words: Mapped[dict[str, Any]]
    reason_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("reason.id", ondelete="RESTRICT"), index=True
    )
    reply_by: Mapped[date | None]
    for_digest: Mapped[bool] = mapped_column(default=False)
    people_noted: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    reason: Mapped[Reason | None] = relationship(lazy="selectin")
    named: Mapped[list["NoticePerson"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )

    def note_people(self) -> None:
        """Note whom the words name."""
        self.named = [NoticePerson.of(person) for person in sorted(people_in(self.words))]
        self.people_noted = True


class NoticePerson(Base):
    """Whom a notice names: the person whose own row is `person_id` of the table `person_table`."""

    __tablename__ = "notice_person"
    __table_args__ = (sa.Index(None, "person_table", "person_id"),)

    notice_id: Mapped[int] = mapped_column(
        sa.ForeignKey("notice.id", ondelete="CASCADE"), primary_key=True
    )
    person_table: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True)

    @classmethod
    def of(cls, person: Person) -> "NoticePerson":
        """Return the row that says of a notice that it names somebody."""
        table, number = person
        return cls(person_table=table, person_id=number)


class SaidOnce(Base):
    """The key of something that is said once, whatever number of workers wants to say it."""

    __tablename__ = "said_once"

    key: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)


class JobWorker(Base):
    """When the job worker of a host last ran; if it `has_run` never, since when those who serve
    pages there wait for it."""

    __tablename__ = "job_worker"

    host: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    at: Mapped[datetime]
    has_run: Mapped[bool] = mapped_column(default=True, server_default=sa.true())


class Heartbeat(Base):
    """Where the code before notes that some job worker ran; it goes with the next version
    (decision 108)."""

    __tablename__ = "heartbeat"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
