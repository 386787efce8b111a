"""Who may stand on the roster twice: profiles that are likely to be of one person.

Names are compared as an import compares them: in whichever script, with or without marks and
titles, first name first or last; one that has all the words of another, and further ones, may be
the same. A slip of a letter or an initial counts only within one institution.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.accounts.models import Account
from webapp.core.words.translation import LabelledEnum, _
from webapp.experts.models import Expert, ExpertState
from webapp.roster.marks import Marks
from webapp.roster.models import DifferentPeople, LikelyPair, PairsSought
from webapp.roster.sketches import Sketch, list_sketches, sketch_all_of
from webapp.roster_imports.twins import agree, has_all_of, pairs_of

# Shorter words are common parts of names; a slip in one of them makes another name.
LONG_WORD = 4
SAYING_WORD = 3


class Hint(LabelledEnum):
    """What speaks for two profiles being of one person."""

    SAME_NAME = "same name", _("the same name")
    NEAR_NAME = "near name", _("nearly the same name")
    SAME_ADDRESS = "same address", _("the same e-mail address")
    SAME_TELEPHONE = "same telephone", _("the same telephone")
    SAME_INSTITUTION = "same institution", _("the same institution")
    SAME_POST = "same post", _("the same post")


@dataclass(frozen=True)
class Pair:
    """Two profiles that are likely to be of one person: the one to be kept, and the other."""

    kept: Sketch
    gone: Sketch
    hints: tuple[Hint, ...]

    @property
    def numbers(self) -> tuple[int, int]:
        """Return the numbers of the two, the lower one first."""
        return (min(self.kept.id, self.gone.id), max(self.kept.id, self.gone.id))


# Who stands further on the roster is kept: what was decided about them goes on to hold.
STANDING = {
    ExpertState.WITHDRAWN: 0,
    ExpertState.NOMINATED: 1,
    ExpertState.SCREENING: 2,
    ExpertState.DORMANT: 3,
    ExpertState.EXPIRED: 3,
    ExpertState.ACTIVE: 4,
    ExpertState.SUSPENDED: 5,
}


def find_pairs(
    sketches: Iterable[Sketch], different: set[tuple[int, int]], own: int | None = None
) -> list[Pair]:
    """Return the likely pairs, surest first, without those that were found to be `different`; with
    `own`, those of one expert."""
    known, marks = {one.id: one for one in sketches}, Marks()
    marks.take(known.values())
    met = marks.pairs(None if own is None else [own])
    pairs = compare_all(known, (pair for pair in met if pair not in different))
    return sorted(pairs, key=_in_doubt)


def compare_all(known: Mapping[int, Sketch], pairs: Iterable[tuple[int, int]]) -> Iterator[Pair]:
    """Yield those of the pairs that are likely to be of one person; one of whom is not `known` any
    more was erased meanwhile."""
    for numbers in pairs:
        if not known.keys() >= set(numbers):
            continue
        one, other = (known[number] for number in numbers)
        both_gone = one.state is other.state is ExpertState.WITHDRAWN
        hints = () if both_gone else compare(one, other)
        if hints:
            kept, gone = sorted((one, other), key=_standing, reverse=True)
            yield Pair(kept, gone, hints)


def list_pairs(session: Session) -> list[Pair]:
    """Return the pairs that are pointed out, surest first, and of the roster no more profiles.

    They are those of the whole roster as it was at most a minute ago (sweep.py). What has been
    written since counts as far as it makes two people of a pair, and not where it makes another.
    """
    kept = list_since(session)
    met = {number for pair in kept for number in pair}
    known = {one.id: one for one in sketch_all_of(session, met)}
    return sorted(compare_all(known, kept), key=_in_doubt)


def list_different(session: Session) -> set[tuple[int, int]]:
    """Return the pairs of which somebody has said that they are two people."""
    rows = session.execute(sa.select(DifferentPeople.expert_id, DifferentPeople.other_id))
    return {(one, other) for one, other in rows}


def list_since(session: Session) -> dict[tuple[int, int], datetime]:
    """Return since when each pair is pointed out; one that is newer than a minute may lack."""
    rows = session.execute(sa.select(LikelyPair.expert_id, LikelyPair.other_id, LikelyPair.since))
    return {(one, other): since for one, other, since in rows}


def get_sought_revision(session: Session) -> int:
    """Return the revision of the roster in which pairs were last sought."""
    return session.scalars(sa.select(PairsSought.revision)).one()


def count_waiting(session: Session) -> tuple[int, datetime | None]:
    """Return how many pairs are pointed out, and since when the first of them."""
    number, since = session.execute(
        sa.select(sa.func.count(), sa.func.min(LikelyPair.since)).select_from(LikelyPair)
    ).one()
    return number, since


def list_likely(session: Session, expert: Expert) -> list[tuple[Sketch, tuple[Hint, ...]]]:
    """Return who else on the roster is likely to be this expert."""
    own = next(iter(list_sketches(session, Expert.id == expert.id)), None)
    if own is None:
        return []
    near = list_sketches(session, sa.or_(*_perhaps_near(own)))
    pairs = find_pairs(near, list_different(session), own.id)
    return [(pair.gone if pair.kept.id == own.id else pair.kept, pair.hints) for pair in pairs]


def _perhaps_near(own: Sketch) -> Iterator[sa.ColumnElement[bool]]:
    """Yield what the database can ask for so that nobody who shares a mark is missing.

    The page of one expert must not read the whole roster for it.
    """
    yield Expert.id == own.id
    keys = {frozenset(key.split()) for key in own.keys} - {frozenset()}
    pairs = {frozenset(two) for _spelling, two in pairs_of(own.name)}
    # Small words such as "de" and "la" stand in every other text.
    saying = {pair for pair in pairs if max(map(len, pair)) >= SAYING_WORD} or pairs
    for words in keys | saying:
        yield sa.and_(*map(_is_in_text, words))
    if own.institution and keys:
        any_word = sa.or_(*map(_is_in_text, frozenset().union(*keys)))
        yield sa.and_(_is_in_text(own.institution), any_word)
    if own.emails:
        yield sa.func.lower(Expert.contact_email).in_(own.emails)
        yield sa.func.lower(Account.email).in_(own.emails)
    if own.telephone:
        # However it is written, its digits stand there in this order.
        yield Expert.telephone.like("%".join(["", *own.telephone, ""]))


def _is_in_text(words: str) -> sa.ColumnElement[bool]:
    return Expert.search_text.contains(words, autoescape=True)


def compare(one: Sketch, other: Sketch) -> tuple[Hint, ...]:
    """Return what speaks for one person; nothing where that is not enough to ask about them."""
    agrees = agree(one.jurisdiction, other.jurisdiction)
    institution = bool(one.institution) and one.institution == other.institution
    same = bool(one.keys & other.keys)
    near = not same and (
        has_all_of(one.name, other.name)
        or (institution and any(_near(a, b) for a in one.keys for b in other.keys))
    )
    reached = {
        Hint.SAME_ADDRESS: bool(one.emails & other.emails),
        Hint.SAME_TELEPHONE: _is_same_number(one, other),
    }
    if not any(reached.values()) and not (agrees and (same or near)):
        return ()
    found = {
        Hint.SAME_NAME: same,
        Hint.NEAR_NAME: near,
        **reached,
        Hint.SAME_INSTITUTION: institution,
        Hint.SAME_POST: bool(one.post) and one.post == other.post,
    }
    return tuple(hint for hint, holds in found.items() if holds)


def _is_same_number(one: Sketch, other: Sketch) -> bool:
    """Tell whether two numbers are one, which may be written with the code of its country or not.

    Two that have one each are compared with it: the ends of two countries' numbers can be alike.
    """
    if one.abroad and other.abroad:
        return one.abroad == other.abroad
    return len(one.telephone) > 5 and one.telephone == other.telephone


def _near(one: str, other: str) -> bool:
    """Tell whether two names differ by a further name, an initial, or a slip of one letter."""
    mine, theirs = set(one.split()), set(other.split())
    shared, left, right = mine & theirs, mine - theirs, theirs - mine
    if not left or not right:
        return len(shared) > 1
    if not shared or len(left) > 1 or len(right) > 1:
        return False
    short, long = sorted((left.pop(), right.pop()), key=len)
    if len(short) == 1:
        return long.startswith(short)
    if len(short) < LONG_WORD:
        return False
    return long.startswith(short) or long.endswith(short) or _is_slip(short, long)


def _is_slip(short: str, long: str) -> bool:
    """Tell whether one letter was left out, added, taken for another, or two changed places."""
    if len(long) - len(short) > 1:
        return False
    start = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), None)
    if start is None or len(short) < len(long):
        start = len(short) if start is None else start
        return short[start:] == long[start + 1 :]
    swapped = short[start + 1 : start + 2] + short[start : start + 1]
    return short[start + 1 :] == long[start + 1 :] or (
        swapped == long[start : start + 2] and short[start + 2 :] == long[start + 2 :]
    )


def _standing(one: Sketch) -> tuple[int, bool, int]:
    return (STANDING[one.state], one.has_account, -one.id)


def _in_doubt(pair: Pair) -> tuple[bool, int, str, int, int]:
    is_sure = Hint.SAME_NAME in pair.hints
    return not is_sure, -len(pair.hints), pair.kept.name, pair.kept.id, pair.gone.id
