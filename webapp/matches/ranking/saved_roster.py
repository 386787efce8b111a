"""The index of the roster as the platform keeps it in the instance folder.

It holds the profiles' texts, so its files are for the platform's own account alone, and they are
thrown away when somebody leaves the roster (ADR 56). Whatever is in them can be made anew from the
database.
"""

from __future__ import annotations

import fcntl
import json
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from webapp.core.record.audit import AuditEvent
from webapp.matches.ranking.members import RANKED, Members

if TYPE_CHECKING:
    import matcher

log = logging.getLogger(__name__)

# The file with the number of profiles that have been read for the next files.
_READ = "read"


@dataclass(frozen=True)
class Edition:
    """What an index has read: the revisions of themes and roster, and the last event of the log.

    The event tells whether a database is the one that was read, or a later state of it: another
    one, and one that was restored from a copy and went another way, have another event there.
    """

    themes: int
    roster: int
    event: int
    seal: str


def last_event(session: Session) -> tuple[int, str]:
    """Return the number and the hash of the log's last event."""
    newest = sa.select(AuditEvent.id, AuditEvent.hash).order_by(AuditEvent.id.desc()).limit(1)
    row = session.execute(newest).one_or_none()
    return (row.id, row.hash) if row else (0, "")


def folder_of(app: Flask, members: Members = RANKED) -> Path:
    """Return where this host keeps its index of some people."""
    return Path(app.config["INSTANCE_FOLDER"]) / members.name


class SavedRoster:
    """A folder with the index of one moment."""

    def __init__(self, folder: Path, members: Members = RANKED) -> None:
        self._folder = folder
        self._members = members

    def load(self, thesaurus: matcher.Thesaurus) -> tuple[matcher.ExpertIndex, Edition] | None:
        """Return what is kept, if it is whole and was made with this thesaurus."""
        import matcher

        try:
            if not (self._folder / "index.json").exists():
                return None
            index = matcher.ExpertIndex.load(self._folder, thesaurus=thesaurus)
            return index, Edition(**index.labels)  # type: ignore[arg-type]
        except (matcher.IndexFormatError, OSError, TypeError) as error:
            log.warning("the saved index of the roster is made anew: %s", error)
            return None

    def is_out_of_date(self, session: Session) -> bool:
        """Tell whether the files may hold what is said of somebody who has left, or is of another
        database; the matcher is not needed for that."""
        try:
            # The first line tells whether the second is whole.
            facts = json.loads((self._folder / "index.json").read_bytes().partition(b"\n")[2])
            edition = Edition(**facts["labels"])
        except FileNotFoundError:
            return False
        except (ValueError, KeyError, TypeError):
            return True
        left = self._members.list_left(session, edition.roster)
        return bool(left) or not belongs_to(session, edition)

    def save(self, index: matcher.ExpertIndex, edition: Edition) -> None:
        """Keep an index in place of what is there."""
        index.save(self._folder, vars(edition))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let one process or thread after the other do what follows; all at once where the folder
        cannot be locked, since what they do is right without it and only done more than once."""
        with ExitStack() as held:
            try:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                file = held.enter_context((self._folder / "lock").open("a"))
                fcntl.flock(file, fcntl.LOCK_EX)
            except OSError as error:
                log.warning("the saved index of the roster cannot be locked: %s", error)
            yield

    def note_read(self, number: int) -> None:
        """Let all processes know how many profiles have been read for the next files, if that can
        be written; if not, the save that follows will say so."""
        with suppress(OSError):
            (self._folder / _READ).write_text(str(number), "ascii")

    def count_read(self) -> int:
        """Return how many profiles have been read for the next files, in whatever process."""
        try:
            return int((self._folder / _READ).read_text("ascii"))
        except (OSError, ValueError):
            return 0

    def throw_away(self) -> None:
        """Delete what is kept; who has it in use goes on, and saves its own."""
        for file in (*self._folder.glob("index.json"), *self._folder.glob("arrays-*")):
            file.unlink(missing_ok=True)


def belongs_to(session: Session, edition: Edition) -> bool:
    """Return whether this database has gone through the moment of an edition."""
    if not edition.event:
        return False
    seal = session.scalar(sa.select(AuditEvent.hash).where(AuditEvent.id == edition.event))
    return seal == edition.seal
