"""Reports say task by task what was done, and row by row which institutions took part."""

import sqlalchemy as sa
from alembic import op

revision = "0096"
down_revision = "0102"
branch_labels = None
depends_on = None

_COUNTED = "{column} IS NULL OR {column} BETWEEN 0 AND 10000"


def upgrade() -> None:
    """Bring the tables to this revision; what was written before stays in its columns."""
    op.create_table(
        "mission_participants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("institution", sa.String(length=200), nullable=False),
        sa.Column("women", sa.Integer(), nullable=True),
        sa.Column("men", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            _COUNTED.format(column="women"), name=op.f("ck_mission_participants_women")
        ),
        sa.CheckConstraint(_COUNTED.format(column="men"), name=op.f("ck_mission_participants_men")),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["mission_report.id"],
            name=op.f("fk_mission_participants_report_id_mission_report"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mission_participants")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_mission_participants_report_id"), "mission_participants", ["report_id"]
    )
    op.create_table(
        "mission_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "task",
                "output",
                name=op.f("ck_mission_point_kind"),
                native_enum=False,
                length=32,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["mission_report.id"],
            name=op.f("fk_mission_point_report_id_mission_report"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mission_point")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_mission_point_report_id"), "mission_point", ["report_id"])


def downgrade() -> None:
    """Bring the tables back to the revision before: what was said in rows becomes text again.

    Of a point that nobody has answered nothing was said, and nothing is written.
    """
    _write_back(op.get_bind())
    op.drop_index(op.f("ix_mission_point_report_id"), "mission_point")
    op.drop_table("mission_point")
    op.drop_index(op.f("ix_mission_participants_report_id"), "mission_participants")
    op.drop_table("mission_participants")


def _write_back(connection: sa.Connection) -> None:
    report = sa.table("mission_report", sa.column("id"), *map(sa.column, ("done", "institutions")))
    point = sa.table("mission_point", *map(sa.column, ("id", "report_id", "asked", "said")))
    present = sa.table(
        "mission_participants",
        *map(sa.column, ("id", "report_id", "institution", "women", "men")),
    )
    texts: dict[int, dict[str, list[str]]] = {}
    for row in connection.execute(sa.select(point).where(point.c.said != "").order_by(point.c.id)):
        told = f"{row.asked}\n{row.said}".strip()
        texts.setdefault(row.report_id, {}).setdefault("done", []).append(told)
    for row in connection.execute(sa.select(present).order_by(present.c.id)):
        told = f"{row.institution}: women {_known(row.women)}, men {_known(row.men)}"
        texts.setdefault(row.report_id, {}).setdefault("institutions", []).append(told)
    for number, said in texts.items():
        stored = connection.execute(sa.select(report).where(report.c.id == number)).one()
        values = {
            "done": "\n\n".join(filter(None, [*said.get("done", ()), stored.done])),
            "institutions": "\n".join(
                filter(None, [*said.get("institutions", ()), stored.institutions])
            ),
        }
        connection.execute(sa.update(report).where(report.c.id == number).values(**values))


def _known(count: int | None) -> str:
    """Return a number in words that tell nobody from nobody knows."""
    return "–" if count is None else str(count)
