"""Backups hold everything and come back on either database; what is not whole never comes back."""

import json
import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from tests import databases, factories
from tests.backups_of_before import made_older
from tests.commands import refused
from tests.databases import reading, rows, writing
from webapp.core import invariants
from webapp.core.db import Base, db
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.roles import Role
from webapp.experts.models import EvidenceConfirmation, Expert

pytestmark = pytest.mark.thorough

Run = Callable[..., Result]
KEYS = ("SECRET_KEY", "PASSWORD_SALT", "TOTP_KEY", "AUDIT_KEY")
# What a restored database has besides: the event that tells of it.
NOTED = {"audit_event", "audit_head", "account_session"}
# What let somebody in then, of which a restore keeps nothing.
LETTING_IN = {"account_link", "invitation_link", "calendar_feed"}


def compared(app: Flask) -> dict[str, Any]:
    """Return all rows but those that restoring adds or takes. Of a question about an entry it takes
    what opened its link, and nothing else."""
    kept = {name: table for name, table in rows(app).items() if name not in NOTED | LETTING_IN}
    questions = EvidenceConfirmation.__tablename__
    opens = Base.metadata.tables[questions].c.keys().index("token_hash")
    return kept | {questions: [(*row[:opens], *row[opens + 1 :]) for row in kept[questions]]}


def is_sound(app: Flask) -> bool:
    """Tell whether a database is sound and the newest event tells that it was restored."""
    with reading(app) as session:
        newest = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert newest is not None
        assert newest.action == Action.BACKUP_RESTORED
        return invariants.run(session) == []


@pytest.mark.both_databases
def test_a_backup_comes_back_whole_in_a_fresh_place_on_either_database(
    app: Flask, backup: Path, another: Flask, run: Run
) -> None:
    result = run("restore", backup, on=another)
    assert result.exit_code == 0, result.output
    another.config["AUDIT_KEY"] = databases.AUDIT_KEY  # As after the start that is asked for.
    assert compared(another) == compared(app)
    opening = sa.select(EvidenceConfirmation.token_hash)
    with reading(another) as session:
        assert set(session.scalars(opening)) == {None}
    with reading(app) as session:
        assert any(session.scalars(opening))
        events = session.scalar(sa.select(sa.func.count()).select_from(AuditEvent))
    assert len(rows(another)["audit_event"]) == (events or 0) + 1
    assert is_sound(another)
    folder = Path(another.config["INSTANCE_FOLDER"])
    assert (folder / "password-salt").read_text().strip() == databases.SALT
    assert (folder / "audit-key").read_text().strip() == databases.AUDIT_KEY
    assert not [path for path in folder.iterdir() if path.name.startswith("scratch")]
    with writing(another) as session:  # New rows get numbers that none has had.
        factories.expert(session)
        factories.request(session)


@pytest.mark.both_databases
def test_what_was_done_since_is_given_up_only_if_that_is_said(
    app: Flask, backup: Path, run: Run
) -> None:
    before = compared(app)
    with writing(app) as session:
        newer = factories.expert(session)
    refused(run("restore", backup), "holds something already")
    with reading(app) as session:
        assert session.get(Expert, newer.id)
    result = run("restore", backup, "--replace")
    assert result.exit_code == 0, result.output
    assert compared(app) == before
    assert is_sound(app)
    with (
        app.app_context(),
        pytest.raises(sa.exc.DBAPIError, match="append-only"),
        db.engine.begin() as connection,
    ):
        connection.execute(sa.text("DELETE FROM audit_event"))


@pytest.mark.both_databases
def test_references_and_checks_hold_after_restoring(app: Flask, backup: Path, run: Run) -> None:
    with app.app_context():
        before = _constraints()
        db.session.rollback()
    assert run("restore", backup, "--replace").exit_code == 0
    with app.app_context():
        assert _constraints() == before
        assert any(before.values())


def _constraints() -> dict[str, Any]:
    found = sa.inspect(db.engine)
    return {
        name: sorted((key["name"], *key["constrained_columns"]) for key in keys)
        for (_schema, name), keys in found.get_multi_foreign_keys().items()
    }


def test_a_backup_is_for_its_owner_alone_and_shows_no_key(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o700
    everything = b"".join(path.read_bytes() for path in backup.iterdir())
    for key in (databases.SECRET, databases.SALT, databases.TOTP_KEY, databases.AUDIT_KEY):
        assert key.encode() not in everything
    assert {path.name for path in backup.iterdir()} == {
        "manifest.json", "database.sqlite", "audit-heads", "keys",
    }  # fmt: skip
    assert json.loads((backup / "manifest.json").read_bytes())["rows"]["account"]


def test_a_backup_does_not_replace_another(backup: Path, run: Run) -> None:
    refused(run("backup", backup), "is there already")
    assert not backup.with_name("backup.unfinished").exists()


def test_another_passphrase_opens_nothing(
    app: Flask, backup: Path, run: Run, tmp_path: Path
) -> None:
    before = rows(app)
    wrong = tmp_path / "wrong"
    wrong.write_text("not the one of this backup")
    refused(run("restore", backup, "--replace", word=wrong), "passphrase is not the one")
    wrong.write_text("short")
    refused(run("backup", tmp_path / "next", word=wrong), "at least 12 characters")
    assert rows(app) == before


def _cut(folder: Path) -> None:
    path = folder / "database.sqlite"
    os.truncate(path, path.stat().st_size // 2)


def _flip(folder: Path) -> None:
    path = folder / "database.sqlite"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _lose(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def _tell_otherwise(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace('"account": ', '"account": 1'))


def _come_from_the_future(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace('"form": 1', '"form": 2'))


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (_cut, "not as it was written"),
        (_flip, "not as it was written"),
        (_lose("database.sqlite"), "missing"),
        (_lose("keys"), "missing"),
        (_lose("manifest.json"), "was not finished"),
        (_tell_otherwise, "manifest or keys were changed"),
        (_come_from_the_future, "newer version"),
        (lambda folder: (folder / "manifest.json").write_bytes(b"{"), "cannot be read"),
    ],
)
def test_what_is_damaged_half_or_newer_is_refused_and_nothing_is_touched(
    harm: Callable[[Path], None], words: str, app: Flask, backup: Path, run: Run
) -> None:
    before = rows(app)
    harm(backup)
    refused(run("restore", backup, "--replace"), words)
    assert rows(app) == before


def test_a_backup_of_a_newer_database_is_refused(
    app: Flask, backup: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.backups.restoring.is_known", lambda _revision: False)
    refused(run("restore", backup, "--replace"), "newer version of the platform")


def test_an_older_code_brings_back_its_backup_over_a_newer_database(
    app: Flask, backup: Path, run: Run
) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'newer'")
    refused(run("install"), "newer version of the platform (newer)")
    assert run("restore", backup, "--replace").exit_code == 0
    assert is_sound(app)


def _damage_pages(file: Path) -> None:
    size = file.stat().st_size // 4096
    with file.open("r+b") as damaged:
        for page in range(3, size, 2):
            damaged.seek(4096 * page)
            damaged.write(b"\xa5" * 4096)


@pytest.mark.parametrize(
    "damage", [_damage_pages, lambda file: file.write_bytes(b"no database" * 1000)]
)
def test_a_database_that_is_damaged_is_put_aside_when_a_backup_takes_its_place(
    damage: Callable[[Path], None], app: Flask, backup: Path, run: Run, instance: Path
) -> None:
    before, file = compared(app), databases.file_of(app)
    databases.close(app)
    damage(file)
    refused(run("restore", backup), "is damaged: say --replace")
    result = run("restore", backup, "--replace")
    assert result.exit_code == 0, result.output
    assert "put aside" in result.output
    assert list(instance.glob("damaged-*-platform.sqlite"))
    assert compared(app) == before
    assert is_sound(app)


def test_a_database_that_is_lost_is_said_to_be_empty_and_comes_back(
    app: Flask, backup: Path, run: Run
) -> None:
    before, file = compared(app), databases.file_of(app)
    databases.close(app)
    for path in file.parent.glob(f"{file.name}*"):
        path.unlink()
    refused(run("check"), "is empty")
    assert run("restore", backup).exit_code == 0
    assert compared(app) == before


@pytest.mark.both_databases
def test_what_is_not_sound_is_kept_and_told_and_comes_back_only_if_asked(
    app: Flask, world: factories.World, run: Run, tmp_path: Path
) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE audit_head SET hash = 'another'"))
    result = run("backup", tmp_path / "made")
    assert result.exit_code == 1
    assert "does not agree with its head" in result.output
    refused(run("restore", tmp_path / "made", "--replace"), "is not sound")
    assert run("restore", tmp_path / "made", "--replace", "--even-if-unsound").exit_code == 0


def test_a_key_of_the_environment_must_be_that_of_the_backup(
    backup: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSWORD_SALT", "c2l4dHkgZm91ciBjaGFyYWN0ZXJzIG9mIG5vdGhpbmc")
    refused(run("restore", backup, "--replace"), "PASSWORD_SALT in the environment is not the one")


def test_heads_that_were_published_after_the_backup_are_kept_beside(
    app: Flask, backup: Path, run: Run, instance: Path
) -> None:
    (instance / "audit-heads").write_text(f"2031-05-01 999999:{'0' * 64}\n")
    result = run("restore", backup, "--replace")
    kept = [path for path in instance.iterdir() if path.name.startswith("audit-heads-until-")]
    assert len(kept) == 1
    assert str(kept[0]) in result.output
    assert is_sound(app)


def test_an_older_backup_is_brought_up_to_date(
    app: Flask, backup: Path, run: Run, another: Flask
) -> None:
    """What an older code has written is in the form of then."""
    made_older(app, backup)
    result = run("restore", backup, on=another)
    assert result.exit_code == 0, result.output
    another.config["AUDIT_KEY"] = databases.AUDIT_KEY
    assert is_sound(another)


def test_everything_moves_to_postgresql(
    app: Flask, world: factories.World, run: Run, postgres_databases: Any, instance: Path
) -> None:
    with postgres_databases.empty(instance) as url:
        result = run("move-to", url)
        assert result.exit_code == 0, result.output
        moved = databases.make_app(instance, url)
        assert {n: t for n, t in rows(moved).items() if n not in {"audit_event", "audit_head"}} == {
            n: t for n, t in rows(app).items() if n not in {"audit_event", "audit_head"}
        }
        with writing(moved) as session:
            factories.account(session, Role.COORDINATOR)
            factories.expert(session)
        with reading(moved) as session:
            assert invariants.run(session) == []
            newest = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc()))
            assert Action.DATABASE_MOVED in [event.action for event in newest]
            assert audit.verify(session) == []
        databases.close(moved)
        refused(run("move-to", url), "holds something already")


def test_only_to_another_kind_of_database_can_be_moved(run: Run, tmp_path: Path) -> None:
    refused(run("move-to", f"sqlite:///{tmp_path / 'other.sqlite'}"), "must be such as postgresql")


def test_a_new_database_that_is_not_there_is_named_without_its_password(run: Run) -> None:
    result = run("move-to", "postgresql://rssrp_owner:hidden@127.0.0.1:1/rssrp")
    refused(result, "127.0.0.1:1/rssrp")
    assert "cannot be used" in result.output
    assert "sqlite" not in result.output
    assert "hidden" not in result.output


def test_a_plain_copy_of_the_file_lacks_what_is_beside_it(
    app: Flask, world: factories.World, tmp_path: Path, run: Run
) -> None:
    """This is why docs/operations.md warns of `cp`."""
    with writing(app) as session:
        newest = factories.expert(session)
    copied = tmp_path / "copied.sqlite"
    copied.write_bytes(databases.file_of(app).read_bytes())
    count = f"SELECT count(*) FROM expert WHERE id = {newest.id}"  # noqa: S608 - a number.
    with closing(sqlite3.connect(copied)) as connection:
        assert connection.execute(count).fetchone() == (0,)
    assert run("backup", tmp_path / "made").exit_code == 0
    with closing(sqlite3.connect(tmp_path / "made" / "database.sqlite")) as connection:
        assert connection.execute(count).fetchone() == (1,)
