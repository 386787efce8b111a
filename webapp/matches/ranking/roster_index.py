"""In each worker an index of the roster that follows the database.

Every write to a profile raises the roster's revision in its own transaction (experts/models.py).
Before each ranking a worker compares that number with what its index has read, and reads the
profiles that changed since; so the newest committed profile ranks in every worker at its next
request, without messages between workers.

That holds for one history of a database. When a backup is restored under workers that run, the
revision goes back, and may reach the former number by other changes. So an index knows the last
event of the audit log of when it was read: where the log has another one in its place, or none, the
index is given up and what the database holds is read anew (ADR 97). Nobody waits until a large
roster has been read: it is read in the background, and whoever asks meanwhile is told how far it is
(ADR 174).

There are two, each of other people (members.py): of those who can be ranked for a request, and of
those who are on the roster and cannot, for whoever searches it.

The index itself is kept in files that all workers map (saved_roster.py). Each holds beside them
only what was edited since. When that has become much, or somebody has left, one worker saves it in
the background, and each takes the newer files when they are there (ADR 56).

The matcher is imported when there is something to rank: it brings NumPy and SciPy, which the job
worker and most commands do without.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webapp.core.errors import NotReadyError
from webapp.core.words.formats import number_name
from webapp.core.words.translation import Deferred, _
from webapp.experts import queries as experts
from webapp.matches import queries
from webapp.matches.ranking.matcher_records import expert_record
from webapp.matches.ranking.members import RANKED, Members
from webapp.matches.ranking.saved_roster import Edition, SavedRoster, belongs_to, last_event
from webapp.matches.ranking.vocabulary import thesaurus_of
from webapp.themes import queries as themes

if TYPE_CHECKING:
    import matcher

T = TypeVar("T")

log = logging.getLogger(__name__)

# How many experts a page of a ranking shows and explains.
PER_PAGE = 10
# A roster of so many is read from the database in about a second, while somebody waits.
SMALL = 500
# Nobody waits for more than so many to be read, which takes some seconds.
WAITED_FOR = 2_000
# While more are read, their number is noted each time there are so many more.
NOTED_EACH = 200
# Seconds after which whoever was told how many have been read looks again.
LOOK_AGAIN = 10
# So many profiles that changed at once, as by an import, are read in the background.
MANY = 500
# After so many edits the index is saved, or after so many seconds with any.
EDITS_AT_MOST = 200
SECONDS_AT_MOST = 600
# Seconds until what failed in the background is tried again.
PAUSE = 60


@dataclass
class _Held:
    """An index, what it has read, and how many profiles were read since it was loaded.

    `is_due` says that it is in no file yet, or that somebody has left, who must not stay there.
    """

    index: matcher.ExpertIndex
    edition: Edition
    since: float
    edits: int = 0
    is_due: bool = False


class _Wanted(NamedTuple):
    """What the background shall bring: the least revision of the roster, and whether the whole
    roster has to be read anew for it."""

    roster: int
    is_read_anew: bool


class RosterUnreadError(NotReadyError):
    """The roster is large, and no process of this host has read it yet."""

    def __init__(self, read: int, total: int) -> None:
        counts = {"read": Deferred(number_name, read), "total": Deferred(number_name, total)}
        super().__init__(
            _(
                "The roster is being read: %(read)s of %(total)s profiles so far. Rankings and the"
                " search by words are there when all have been read. Nothing was changed.",
                **counts,
            ),
            LOOK_AGAIN,
        )


class RosterIndex:
    """An index of experts on the roster that follows the database; safe to share among threads.

    With a `folder` an index of more than `small` experts is kept there. Of more than `waited_for`
    none is made while somebody waits.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        members: Members = RANKED,
        small: int = SMALL,
        waited_for: int = WAITED_FOR,
    ) -> None:
        self._members = members
        self._saved = SavedRoster(folder, members) if folder else None
        self._small = small
        self._waited_for = waited_for
        self._read_so_far = 0
        self._lock = threading.Lock()
        self._held: _Held | None = None
        self._next: _Held | None = None
        self._work: threading.Thread | None = None
        self._not_before = 0.0
        self._remembered: dict[Callable[[Session], Any], tuple[int, Any]] = {}

    def remembered(self, session: Session, read: Callable[[Session], T]) -> T:
        """Return what `read` finds in the profiles of everybody, read anew when any has changed.

        The revision is asked for first: what is written meanwhile is read twice, and never missed.
        """
        revision = experts.get_roster_revision(session)
        known, found = self._remembered.get(read, (None, None))
        if known != revision:
            found = read(session)
            self._remembered[read] = revision, found
        return found  # type: ignore[return-value]

    def current(
        self, session: Session, *, may_begin: bool = True
    ) -> tuple[matcher.ExpertIndex, int]:
        """Return the index and the roster revision up to which it is complete.

        Other themes or synonyms mean other terms in every profile, so after a change of them the
        whole roster is read anew, by an index of its own: rankings that have begun keep theirs. A
        large roster is read in the background, and rankings go on with the former terms meanwhile.
        So they do without what an import has brought, until that is read; but whoever has left the
        roster is never ranked.

        Raises RosterUnreadError where a large roster has not been read yet; that begins now, in the
        background, if it `may_begin`.
        """
        # The numbers are read before what they count: what changes in between is read twice, and
        # never missed.
        themes_revision = themes.get_revision(session)
        revision = experts.get_roster_revision(session)
        with self._lock:
            held = self._held = self._kept(session) or self._load(session)
            self._next = None
            if held is None and (total := self._members.count(session)) > self._waited_for:
                if may_begin:
                    self._begin_to_renew(session, None, _Wanted(revision, is_read_anew=True))
                raise RosterUnreadError(min(self._count_read(), total), total)
            held = held or self._read(session)
            is_old = themes_revision != held.edition.themes
            if is_old and len(held.index) <= self._small:
                held, is_old = self._read(session), False
            self._held = held
            if len(held.index) and _is_far_behind(held, session, revision):
                self._take_out_who_left(held, session)
                self._begin_to_renew(session, held, _Wanted(revision, is_read_anew=True))
                return held.index, held.edition.roster
            self._follow(held, session, revision)
            if is_old or self._should_be_saved(held):
                least = 0 if is_old else held.edition.roster
                self._begin_to_renew(session, held, _Wanted(least, is_read_anew=is_old))
            return held.index, revision

    def prepare(self, session: Session) -> None:
        """Read the roster and rank once, so that processes forked from this one share the work.

        A large roster that is in no file is left to them, so that they can serve people meanwhile.
        """
        import matcher

        try:
            self.current(session, may_begin=False)
        except RosterUnreadError:
            log.info("the roster is large, and is read while people are served")
            return
        self.finish()
        index, _revision = self.current(session)
        index.make_ready()
        result = index.rank(matcher.Request.from_dict({"id": "0", "title": "Training of police"}))
        result.explain(match.expert_id for match in result.ranked[:PER_PAGE])

    def begin(self, session: Session) -> None:
        """Begin to read a large roster in the background, before anybody asks for a ranking."""
        with suppress(RosterUnreadError):
            self.current(session)

    def finish(self) -> None:
        """Wait for what is done in the background."""
        if self._work is not None:
            self._work.join()

    def _kept(self, session: Session) -> _Held | None:
        """What this process holds, if this database has gone through all that is in it."""
        held = self._next or self._held
        if held is None or _has_gone_through(session, held.edition):
            return held
        # Another thread may just have read what this transaction began too early to see.
        with Session(session.get_bind()) as newest:
            if _has_gone_through(newest, held.edition):
                return held
        log.warning("the database has gone back: the index of the roster is made anew")
        # By the history of before the same number may have been another roster's.
        self._remembered.clear()
        return None

    def _load(self, session: Session) -> _Held | None:
        """What is kept in the files, if it is of this database and of its themes of today."""
        if self._saved is None:
            return None
        themes_revision = themes.get_revision(session)
        found = self._saved.load(thesaurus_of(themes.list_with_synonyms(session)))
        if found is None or not belongs_to(session, found[1]):
            return None
        index, edition = found
        # Other changes of themes may have come since that leave the terms as they were.
        return _Held(index, replace(edition, themes=themes_revision), time.monotonic())

    def _should_be_saved(self, held: _Held) -> bool:
        if self._saved is None or len(held.index) <= self._small:
            return False
        waited = time.monotonic() - held.since
        much = held.edits >= EDITS_AT_MOST or (held.edits > 0 and waited >= SECONDS_AT_MOST)
        return held.is_due or much

    def _begin_to_renew(self, session: Session, held: _Held | None, wanted: _Wanted) -> None:
        """Have another index made in the background, unless one is being made."""
        is_busy = self._work is not None and self._work.is_alive()
        if is_busy or time.monotonic() < self._not_before:
            return
        self._work = threading.Thread(
            target=self._renew, args=(session.get_bind(), held, wanted), daemon=True
        )
        self._work.start()

    def _renew(self, engine: Engine, held: _Held | None, wanted: _Wanted) -> None:
        try:
            with Session(engine) as session:
                self._next = self._renewed(session, held, wanted)
        except Exception:
            # Rankings go on with what is held, and it is tried again; somebody has to know.
            log.exception("the index of the roster could not be renewed")
            self._not_before = time.monotonic() + PAUSE

    def _renewed(self, session: Session, held: _Held | None, wanted: _Wanted) -> _Held:
        """The index that another worker has saved meanwhile, or this one's, saved now."""
        if self._saved is None:
            return self._read(session)
        with self._saved.alone():
            found = self._load(session)
            if found is not None and found.edition.roster >= wanted.roster:
                return found
            if held is None or wanted.is_read_anew:
                self._saved.note_read(0)
                held = self._read(session)
            try:
                self._saved.save(held.index, held.edition)
            except OSError as error:
                # What was read is there for this process: only the others have to read as well.
                log.warning("the index of the roster is held, and cannot be kept: %s", error)
                self._not_before = time.monotonic() + PAUSE
                return held
            return self._load(session) or held

    def _read(self, session: Session) -> _Held:
        """All of these people, from the database."""
        import matcher

        edition = Edition(themes.get_revision(session), -1, 0, "")
        thesaurus = thesaurus_of(themes.list_with_synonyms(session))
        held = _Held(matcher.ExpertIndex(thesaurus=thesaurus), edition, time.monotonic())
        self._follow(held, session, experts.get_roster_revision(session))
        held.is_due = True
        return held

    def _take_out_who_left(self, held: _Held, session: Session) -> None:
        """Take out whoever is not one of them any more, whatever else has changed."""
        for expert_id in self._members.list_left(session, held.edition.roster):
            _take_out(held, str(expert_id))

    def _follow(self, held: _Held, session: Session, revision: int) -> None:
        """Read the profiles that changed up to a revision."""
        if revision <= held.edition.roster:
            return
        since, members = held.edition.roster, self._members
        changed = experts.list_changed_since(session, since, members.states)
        read = [expert for expert in changed if members.hold(expert)]
        booked = queries.get_booked_periods(session, [expert.id for expert in read])
        away = {*members.list_away(session, since), *(expert.id for expert in changed)}
        for expert_id in away - {expert.id for expert in read}:
            _take_out(held, str(expert_id))
        if read:
            # A process more takes a second to start.
            processes = len(os.sched_getaffinity(0)) if len(read) > MANY else 1
            records = (expert_record(expert, booked.get(expert.id, [])) for expert in read)
            held.index.update_all(self._counted(records), processes=processes)
        held.edits += len(changed)
        # Asked for after the profiles, so that it is no older than any of them.
        event, seal = last_event(session)
        held.edition = replace(held.edition, roster=revision, event=event, seal=seal)

    def _counted(self, records: Iterable[matcher.Expert]) -> Iterator[matcher.Expert]:
        """Give out the records that are read, and note how many there were."""
        for number, record in enumerate(records, start=1):
            yield record
            if number % NOTED_EACH == 0 and threading.current_thread() is self._work:
                self._read_so_far = number
                if self._saved is not None:
                    self._saved.note_read(number)

    def _count_read(self) -> int:
        """Return how many profiles have been read by whichever process of this host reads them."""
        return self._read_so_far if self._saved is None else self._saved.count_read()


def _has_gone_through(session: Session, edition: Edition) -> bool:
    """Tell whether all that an edition has read was committed in the history of this database."""
    if experts.get_roster_revision(session) < edition.roster:
        return False
    # Whatever changes a profile leaves an event: what was read before the first is of any history.
    return not edition.event or belongs_to(session, edition)


def _is_far_behind(held: _Held, session: Session, revision: int) -> bool:
    # Each change raises the revision, so nobody has to count where it has hardly moved.
    if revision - held.edition.roster <= MANY:
        return False
    return experts.count_changed_since(session, held.edition.roster) > MANY


def _take_out(held: _Held, key: str) -> None:
    if key in held.index:
        held.index.remove(key)
        held.is_due = True
