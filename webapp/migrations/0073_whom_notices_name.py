"""Beside each notice stands whom it names; who wrote to a request or added a file is found by it.

Of the notices that there are it is noted afterwards, by the job worker, a batch at a time: here all
who write a notice would wait until the last is read (decision 132).
"""

import sqlalchemy as sa
from alembic import op

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column(
        "notice",
        sa.Column("people_noted", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_table(
        "notice_person",
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("person_table", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["notice.id"],
            name=op.f("fk_notice_person_notice_id_notice"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "notice_id", "person_table", "person_id", name=op.f("pk_notice_person")
        ),
    )
    op.create_index(
        op.f("ix_notice_person_person_table_person_id"),
        "notice_person",
        ["person_table", "person_id"],
    )
    op.create_index(
        "ix_notice_people_not_noted",
        "notice",
        ["id"],
        sqlite_where=sa.text("people_noted = 0"),
        postgresql_where=sa.text("NOT people_noted"),
    )
    op.create_index(op.f("ix_request_message_written_by"), "request_message", ["written_by"])
    op.create_index(op.f("ix_request_file_added_by"), "request_file", ["added_by"])


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_index(op.f("ix_request_file_added_by"), table_name="request_file")
    op.drop_index(op.f("ix_request_message_written_by"), table_name="request_message")
    op.drop_index("ix_notice_people_not_noted", table_name="notice")
    op.drop_table("notice_person")
    op.drop_column("notice", "people_noted")
