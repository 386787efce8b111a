"""The table of kept texts."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base


class KeptText(Base):
    """What one account sent to one address; what was typed can be read by the platform alone.

    One that came `without_session`, and so perhaps from somebody who has seen a page of that
    account, is shown at the address that its sender was given and nowhere else.
    """

    __tablename__ = "kept_text"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    path: Mapped[str] = mapped_column(sa.Text)
    ciphertext: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(index=True)
    without_session: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
