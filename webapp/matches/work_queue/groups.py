"""The work queue as it is read: narrowed to a kind of work, what belongs together in one group."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from webapp.core import paging
from webapp.core.paging import Page
from webapp.core.words.translation import LabelledEnum, _
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.matches.work_queue.lines import Line

PER_PAGE = 15
# So many are shown at once where nothing more is overdue: of what waits for SEESAC, and of what
# waits for a day or for others. Fifteen are a dozen screens of a telephone.
SHOWN, SHOWN_OF_OTHERS = 5, 2


class Work(LabelledEnum):
    """Kinds of work by which the queue is narrowed."""

    REQUESTS = "requests", _("Requests")
    EXPERTS = "experts", _("Experts for requests")
    MISSIONS = "missions", _("Missions")
    PROFILES = "profiles", _("Profiles")
    CALLS = "calls", _("Telephone calls")


@dataclass(frozen=True)
class Group:
    """Lines that belong together: of one request, of one profile, or all calls to be made."""

    lines: Sequence[Line]

    @property
    def first(self) -> Line:
        """Return the line that is due first."""
        return self.lines[0]

    @property
    def is_overdue(self) -> bool:
        """Tell whether something of it was to be done before today."""
        return any(line.is_overdue for line in self.lines)

    @property
    def request(self) -> ExpertiseRequest | None:
        """Return the request that all lines belong to, if there is one."""
        return self.first.request


@dataclass(frozen=True)
class Folded:
    """Groups of which the `first` ones are shown, and the others are folded by kind of work."""

    first: Sequence[Group]
    others: Mapping[Work, Sequence[Group]]


def fold(groups: Iterable[Group], shown: int) -> Folded:
    """Show what is overdue, and of the rest as many as to make so many; fold the others.

    Groups come in the order of what is due first, and stay in it.
    """
    listed = list(groups)
    overdue = sum(group.is_overdue for group in listed)
    room = max(shown - overdue, 0)
    first, others = [], defaultdict[Work, list[Group]](list)
    for group in listed:
        if group.is_overdue or room:
            first.append(group)
            room -= not group.is_overdue
        else:
            others[work_of(group.first)].append(group)
    return Folded(first, {work: others[work] for work in Work if others[work]})


def asked_work(value: str | None) -> Work | None:
    """Return the kind of work that an address names; None for all, and for what is no kind."""
    return next((work for work in Work if work.value == value), None)


def work_of(line: Line) -> Work:
    """Return the kind of work that a line is."""
    if line.call:
        return Work.CALLS
    if line.mission_days:
        return Work.MISSIONS
    if line.request is None:
        return Work.PROFILES
    return Work.EXPERTS if line.match or line.among_experts else Work.REQUESTS


def count_work(lines: Iterable[Line]) -> dict[Work, int]:
    """Return how many lines there are of each kind, kinds without any left out."""
    counted = Counter(map(work_of, lines))
    return {work: counted[work] for work in Work if counted[work]}


def get_groups(lines: Iterable[Line], work: Work | None, number: int) -> Page[Group]:
    """Return a page of groups in the order of their first lines, of one kind of work or of all."""
    together: dict[object, list[Line]] = {}
    for line in lines:
        if work is None or work_of(line) is work:
            together.setdefault(_what_it_belongs_to(line), []).append(line)
    groups = [Group(found) for found in together.values()]
    return paging.cut(groups, number, size=PER_PAGE)


def _what_it_belongs_to(line: Line) -> object:
    if line.request:
        return line.request
    # A line of its own belongs to nothing but itself.
    return Work.CALLS if line.call else line.expert or id(line)
