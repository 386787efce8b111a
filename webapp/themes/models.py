"""The tables of themes, of their synonyms, and of when the ranking has to read both anew."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.core.db import Base


class Theme(Base):
    """A theme: its stable `code`, its `label` for people, and the `area` it is listed under.

    `shipped_label` is what the file of themes last called it, and nothing where an administrator
    made it. One that is `retired` stays where it is used and is offered no more.
    """

    __tablename__ = "theme"

    code: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    label: Mapped[str] = mapped_column(sa.String(120), unique=True)
    area: Mapped[str] = mapped_column(sa.String(80))
    position: Mapped[int] = mapped_column(unique=True)
    shipped_label: Mapped[str | None] = mapped_column(sa.String(120))
    retired: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    synonyms: Mapped[list["ThemeSynonym"]] = relationship(
        back_populates="theme", order_by="ThemeSynonym.id"
    )


class ThemeSynonym(Base):
    """A wording in one language that the ranking reads as a theme; `folded` tells alike ones."""

    __tablename__ = "theme_synonym"
    __table_args__ = (sa.UniqueConstraint("language", "folded"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    theme_code: Mapped[str] = mapped_column(
        sa.ForeignKey("theme.code", ondelete="RESTRICT"), index=True
    )
    language: Mapped[str] = mapped_column(sa.String(8))
    wording: Mapped[str] = mapped_column(sa.String(120))
    folded: Mapped[str] = mapped_column(sa.String(500))
    created_at: Mapped[datetime]

    theme: Mapped[Theme] = relationship(back_populates="synonyms")


class ThemesRevision(Base):
    """One counter row: a change of labels or synonyms raises it in the same transaction.

    A worker whose ranking has read another number reads the themes and the roster anew.
    """

    __tablename__ = "themes_revision"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[int]
