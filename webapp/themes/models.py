"""The table of themes."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base


class Theme(Base):
    """A theme: its stable `code`, its `label` for people, and the `area` it is listed under."""

    __tablename__ = "theme"

    code: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    label: Mapped[str] = mapped_column(sa.String(120), unique=True)
    area: Mapped[str] = mapped_column(sa.String(80))
    position: Mapped[int] = mapped_column(unique=True)
