"""The requester reports once on all who went for a request, and is asked once what became of it.

The reports of a requester on each of a team become one, the follow-ups too, and every word is kept
(decision 158): of each text the different ones below each other, of the numbers of those who took
part the largest, with all of them below the institutions where they differ. Drafts of others stay
as they are. A report that is not about all who went is given back to be completed.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import (
    add_reference,
    change_checks,
    drop_reference,
    number_anew,
    number_once,
    one_of,
)

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None

COMPLETE = "sent_at IS NULL OR (rating IS NOT NULL AND again IS NOT NULL)"
COMPLETE_OF_EACH = (
    "sent_at IS NULL OR side = 'requester' OR (rating IS NOT NULL AND again IS NOT NULL)"
)
TEXTS = ("done", "institutions", "outputs", "lacking")
ANSWERS = ("in_use", "changed", "wanted")
TABLES = ("mission_report", "mission_follow_up")


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "mission_judgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("again", sa.String(32), nullable=True),
        sa.CheckConstraint(
            "rating IS NULL OR rating BETWEEN 1 AND 5", name=op.f("ck_mission_judgement_rating")
        ),
        sa.CheckConstraint(
            one_of("again", ("yes", "otherwise", "no")), name=op.f("ck_mission_judgement_again")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["mission_report.id"],
            name=op.f("fk_mission_judgement_report_id_mission_report"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployment.id"],
            name=op.f("fk_mission_judgement_deployment_id_deployment"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mission_judgement")),
        sa.UniqueConstraint("deployment_id", name=op.f("uq_mission_judgement_deployment_id")),
    )
    op.create_index(op.f("ix_mission_judgement_report_id"), "mission_judgement", ["report_id"])
    number_once("mission_judgement")
    change_checks("mission_report", {"ck_mission_report_complete": COMPLETE_OF_EACH})
    for table in TABLES:
        add_reference(table, "request_id", "expertise_request", ondelete="RESTRICT")
        op.drop_index(op.f(f"ix_{table}_request_id"), table_name=table)
        op.create_index(op.f(f"ix_{table}_request_id"), table, ["request_id"], unique=True)
    tables = sa.MetaData()
    tables.reflect(
        op.get_bind(),
        only=(*TABLES, "mission_judgement", "mission_report_file", "deployment", "match"),
    )
    _join_reports(op.get_bind(), tables.tables)
    _join_follow_ups(op.get_bind(), tables.tables)


def _join_reports(connection: sa.Connection, tables: dict[str, sa.Table]) -> None:
    reports, files = tables["mission_report"], tables["mission_report_file"]
    for request_id, rows in _by_request(connection, tables, reports):
        were_read = [row for row in rows if row.sent_at or row.reopened_at]
        writer = max(were_read or rows, key=lambda row: row.saved_at).written_by
        joined = [row for row in rows if row in were_read or row.written_by == writer]
        kept, gone = joined[0].id, [row.id for row in joined[1:]]
        for row in joined:
            connection.execute(
                tables["mission_judgement"].insert().values(
                    report_id=kept, deployment_id=row.deployment_id,
                    rating=row.rating, again=row.again,
                )
            )  # fmt: skip
        connection.execute(files.update().where(files.c.report_id.in_(gone)).values(report_id=kept))
        connection.execute(reports.delete().where(reports.c.id.in_(gone)))
        waits = _is_awaited(connection, tables, request_id, joined)
        told = {
            **_texts_of(joined, TEXTS), **_people_of(joined), **_moments_of(joined, waits=waits),
        }  # fmt: skip
        connection.execute(
            reports.update().where(reports.c.id == kept).values(
                request_id=request_id, rating=None, again=None,
                version=max(row.version for row in joined) + 1, **told,
            )
        )  # fmt: skip


def _by_request(
    connection: sa.Connection, tables: dict[str, sa.Table], table: sa.Table
) -> Iterable[tuple[int, list[sa.Row[Any]]]]:
    """Return what requesters have written, by request, in the order of the missions."""
    deployment, match = tables["deployment"], tables["match"]
    chosen = (
        sa.select(table, match.c.request_id.label("asked"))
        .join(deployment, deployment.c.id == table.c.deployment_id)
        .join(match, match.c.id == deployment.c.match_id)
        .order_by(deployment.c.id)
    )
    if "side" in table.c:
        chosen = chosen.where(table.c.side == "requester")
    found: dict[int, list[sa.Row[Any]]] = {}
    for row in connection.execute(chosen):
        found.setdefault(row.asked, []).append(row)
    return found.items()


def _is_awaited(
    connection: sa.Connection, tables: dict[str, sa.Table], request_id: int, sent: list[sa.Row[Any]]
) -> bool:
    """Tell whether something is still to be said of somebody who goes, or went."""
    deployment, match = tables["deployment"], tables["match"]
    judged = [row.deployment_id for row in sent if row.sent_at]
    return (
        connection.scalar(
            sa.select(deployment.c.id)
            .join(match, match.c.id == deployment.c.match_id)
            .where(
                match.c.request_id == request_id,
                deployment.c.id.not_in(judged),
                deployment.c.state.not_in(("cancelled", "reported", "followed up")),
            )
            .limit(1)
        )
        is not None
    )


def _texts_of(rows: Sequence[sa.Row[Any]], names: Iterable[str]) -> dict[str, str]:
    """Return the different texts of several rows below each other."""
    return {
        name: "\n\n".join(dict.fromkeys(text for row in rows if (text := getattr(row, name))))
        for name in names
    }


def _people_of(rows: Sequence[sa.Row[Any]]) -> dict[str, Any]:
    """Return how many took part: the same people were told of with each expert."""
    pairs = dict.fromkeys((row.women, row.men) for row in rows)
    found: dict[str, Any] = {
        name: max((n for row in rows if (n := getattr(row, name)) is not None), default=None)
        for name in ("women", "men")
    }
    if len(pairs) > 1:
        each = "; ".join(
            " + ".join("?" if number is None else str(number) for number in pair) for pair in pairs
        )
        texts = _texts_of(rows, ["institutions"])["institutions"]
        found["institutions"] = "\n\n".join(filter(None, [texts, f"Women + men: {each}"]))
    return found


def _moments_of(rows: Sequence[sa.Row[Any]], *, waits: bool) -> dict[str, Any]:
    """Return who wrote the report when; one that was read and is not complete is given back."""
    last = max(rows, key=lambda row: row.saved_at)
    found = {"written_by": last.written_by, "by_office": last.by_office, "saved_at": last.saved_at}
    were_read = [moment for row in rows for moment in (row.sent_at, row.reopened_at) if moment]
    if not were_read:
        return {**found, "sent_at": None, "reopened_at": None}
    latest: datetime = max(were_read)
    if waits or any(row.sent_at is None for row in rows):
        if any(not row.sent_at and not row.reopened_at for row in rows):
            # What nobody has read yet stays its writer's.
            found["saved_at"] = max(last.saved_at, latest + timedelta(seconds=1))
        return {**found, "sent_at": None, "reopened_at": latest}
    given_back = max((row.reopened_at for row in rows if row.reopened_at), default=None)
    return {**found, "sent_at": latest, "reopened_at": given_back}


def _join_follow_ups(connection: sa.Connection, tables: dict[str, sa.Table]) -> None:
    table = tables["mission_follow_up"]
    for request_id, rows in _by_request(connection, tables, table):
        last = max(rows, key=lambda row: row.answered_at)
        connection.execute(table.delete().where(table.c.id.in_([row.id for row in rows[1:]])))
        connection.execute(
            table.update().where(table.c.id == rows[0].id).values(
                request_id=request_id, written_by=last.written_by, by_office=last.by_office,
                answered_at=last.answered_at, **_texts_of(rows, ANSWERS),
            )
        )  # fmt: skip


def downgrade() -> None:
    """Bring the tables back to the revision before: a report is one of each who was judged."""
    tables = sa.MetaData()
    tables.reflect(op.get_bind(), only=("mission_report", "mission_judgement"))
    _part_reports(op.get_bind(), tables.tables)
    for table in TABLES:
        op.drop_index(op.f(f"ix_{table}_request_id"), table_name=table)
        op.create_index(op.f(f"ix_{table}_request_id"), table, ["request_id"])
        drop_reference(table, "request_id", "expertise_request", ondelete="RESTRICT")
    change_checks("mission_report", {"ck_mission_report_complete": COMPLETE})
    number_anew("mission_judgement")
    op.drop_index(op.f("ix_mission_judgement_report_id"), table_name="mission_judgement")
    op.drop_table("mission_judgement")


def _part_reports(connection: sa.Connection, tables: dict[str, sa.Table]) -> None:
    reports, judgement = tables["mission_report"], tables["mission_judgement"]
    chosen = reports.select().where(reports.c.side == "requester").order_by(reports.c.id)
    parts = []
    for row in connection.execute(chosen).mappings().all():
        said = judgement.select().where(judgement.c.report_id == row["id"])
        judged = {one.deployment_id: one for one in connection.execute(said)}
        own = judged.pop(row["deployment_id"], None)
        connection.execute(
            reports.update().where(reports.c.id == row["id"]).values(_as_of(row, own))
        )
        whole = {name: value for name, value in row.items() if name != "id"}
        for number, one in judged.items():
            about = {"request_id": None, "deployment_id": number, **_as_of(row, one)}
            parts.append({**whole, **about})
    for part in parts:
        there = chosen.where(reports.c.deployment_id == part["deployment_id"])
        draft = connection.execute(there).mappings().first()
        if draft is None:
            connection.execute(reports.insert().values(part))
        else:
            beside = reports.update().where(reports.c.id == draft["id"])
            connection.execute(beside.values(_beside(draft, part)))


def _beside(draft: Any, part: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a report that takes the place of another's draft, with the words of both:
    it is given back, so that whoever has sent it decides what of them is sent again."""
    moments = [moment for name in ("sent_at", "reopened_at") if (moment := part[name])]
    latest: datetime | None = max(moments, default=None)
    # What nobody has read yet is read by whoever reports, and by nobody else.
    unread = [latest + timedelta(seconds=1)] if latest else []
    return {
        **part,
        **{
            name: "\n\n".join(dict.fromkeys(filter(None, (part[name], draft[name]))))
            for name in TEXTS
        },
        **{name: draft[name] if part[name] is None else part[name] for name in ("women", "men")},
        "sent_at": None,
        "reopened_at": latest,
        "saved_at": max(part["saved_at"], draft["saved_at"], *unread),
        "version": max(part["version"], draft["version"]) + 1,
    }


def _as_of(row: Any, said: Any) -> dict[str, Any]:
    """Return what a report says of one expert; one that says nothing of them was not sent."""
    rating, again = (said.rating, said.again) if said else (row["rating"], row["again"])
    sent_at = row["sent_at"] if rating and again else None
    return {"rating": rating, "again": again, "sent_at": sent_at}
