"""The statistics in words: each is counted, and told so that no number names anybody."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from webapp.core.record.reasons import ReasonKind
from webapp.core.words.translation import Message, _, _p
from webapp.expertise_requests.models import Payer
from webapp.experts.models import Gender
from webapp.insights import rules
from webapp.insights.kinds import Asked, Chart, Line, Part, Statistic, place_name
from webapp.insights.queries import choices, costs, missions, steps, supply, times
from webapp.insights.queries.times import Wait
from webapp.matches.models import MatchState, OutOfTurn
from webapp.matches.placing import FIRST
from webapp.mission_costs.models import CostItem
from webapp.themes import queries as themes

Column = TypeVar("Column")
# Institutions are written freely, so that there can be any number of them.
MOST_INSTITUTIONS = 30
WAITS = {
    Wait.ACCEPTED: _("from being sent to the accepted terms of reference"),
    Wait.SHORTLISTED: _("from there to the first expert on the shortlist"),
    Wait.SELECTED: _("from there to the first expert selected"),
    Wait.LEFT: _("from there to the first day of the mission"),
}
GENDERS: Mapping[Gender | None, Message] = {
    Gender.FEMALE: _("women"),
    Gender.MALE: _("men"),
    Gender.OTHER: _p("gender", "other"),
    None: _("not said"),
}
NO_OF = {
    MatchState.DECLINED: _("the expert cannot go"),
    MatchState.REFUSED: _("the authority does not release"),
    MatchState.NOT_SELECTED: _("the requester decides against"),
}


def list_statistics(session: Session, part: Part, asked: Asked) -> list[Statistic]:
    """Return the statistics of a page."""
    return list(_OF_PART[part](session, asked))


def _themes(session: Session, asked: Asked) -> Iterator[Statistic]:
    found = supply.count_by_theme(session, asked)
    named = {
        label: found[code]
        for code, label, _area in themes.list_all_choices(session)
        if code in found
    }
    yield Statistic(
        "themes",
        _("Requests and experts by theme"),
        _(
            "How many requests of the period ask for a theme, and how many experts who are active"
            " now say that they know it."
        ),
        _("Theme"),
        (_("requests"), _("active experts")),
        _largest_first(Line(label, (one.requests, one.experts)) for label, one in named.items()),
    )
    yield Statistic(
        "gaps",
        _("Where the roster has gaps"),
        _("Themes of requests that were closed without an expert, and who stands there for them."),
        _("Theme"),
        (_("closed without an expert"), _("requests"), _("active experts")),
        _largest_first(
            Line(label, (one.unfilled, one.requests, one.experts))
            for label, one in named.items()
            if one.unfilled
        ),
    )


def _largest_first(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: [-(value or 0) for value in line.values]))


def _people(session: Session, asked: Asked) -> Iterator[Statistic]:
    yield _genders(session, asked)
    yield _loads(session, asked)
    yield institutions(session, asked)


def _choices(session: Session, asked: Asked) -> Iterator[Statistic]:
    yield _out_of_turn(session, asked)
    yield refusals(session, asked)


def _genders(session: Session, asked: Asked) -> Statistic:
    found = steps.count_by_gender(session, asked)
    shown = [gender for gender in GENDERS if gender in found]
    return Statistic(
        "gender",
        _("Women and men at each step"),
        _(
            "Experts who are active now; and for requests of the period how often one of them was"
            " among the first ten of the ranking when the first expert was chosen from it, invited,"
            " proposed and sent, whenever the mission began: the report counts missions that began"
            " in the period instead. A step at which fewer than five are of one kind is left out as"
            " a whole: its sum is told elsewhere."
        ),
        _("Step"),
        tuple(GENDERS[gender] for gender in shown),
        tuple(
            Line(label, rules.tellable_parts([getattr(found[one], name) for one in shown]))
            for name, label in _STEPS.items()
        ),
    )


_STEPS = {
    "roster": _("on the roster"),
    "first_places": _("in the first %(number)s places of a ranking", number=FIRST),
    "invited": _("invited"),
    "proposed": _("proposed"),
    "sent": _("sent"),
}


def _loads(session: Session, asked: Asked) -> Statistic:
    found = steps.count_by_missions(session, asked)
    share = rules.share_of_busiest_tenth(found)
    says = _("How many experts had how many missions that began in the period.")
    if share is not None:
        says = _(
            "How many experts had how many missions that began in the period. The busiest tenth of"
            " them had %(share)s %% of the missions.",
            share=share,
        )
    return Statistic(
        "load",
        _("Missions of an expert"),
        says,
        _("Missions"),
        (_("experts"),),
        tuple(Line(str(number), (found[number],)) for number in sorted(found)),
    )


def institutions(session: Session, asked: Asked) -> Statistic:
    """Return where those work who took part in missions, the many small ones in one line."""
    found = missions.count_by_institution(session, asked)
    names = sorted(found, key=lambda name: (-sum(found[name]), name))
    counts = [found[name] for name in names]
    labels: list[str | Message] = [*names[:MOST_INSTITUTIONS]]
    if rest := counts[MOST_INSTITUTIONS:]:
        labels.append(_("%(number)s other institutions", number=len(rest)))
        counts[MOST_INSTITUTIONS:] = [
            (sum(women for women, _men in rest), sum(men for _women, men in rest))
        ]
    women, men = (rules.hide_small([count[place] for count in counts]) for place in (0, 1))
    return Statistic(
        "institutions",
        _("Where those who took part work"),
        _(
            "As requesters report of missions that began in the period, where they say it by"
            " institution. Small numbers are left out, with others from which they would follow."
        ),
        _("Institution"),
        (_("women"), _("men")),
        tuple(map(Line, labels, zip(women, men, strict=True))),
    )


def _waits(session: Session, asked: Asked) -> Iterator[Statistic]:
    found = times.find_quartiles(session, asked)
    yield Statistic(
        "waits",
        _("Days from step to step"),
        _("Half of all requests waited no longer than the median, a quarter than the lower value."),
        _("Wait"),
        (_("a quarter"), _("half (median)"), _("three quarters"), _("requests")),
        tuple(
            Line(
                WAITS[wait],
                (
                    round(found[wait].lower, 1), round(found[wait].median, 1),
                    round(found[wait].upper, 1), found[wait].count,
                ),
            )
            for wait in Wait
            if wait in found
        ),
        Chart.RANGES,
    )  # fmt: skip


def _ways(session: Session, asked: Asked) -> Iterator[Statistic]:
    found = steps.count_by_way(session, asked)
    homes, hosts = _by_size(_sums(found, 0)), _by_size(_sums(found, 1))
    yield Statistic(
        "ways",
        _("From where to where experts were sent"),
        _("Experts sent on missions that began in the period, each as often as they were sent."),
        _("Sent from"),
        tuple(map(place_name, hosts)),
        tuple(
            Line(place_name(home), tuple(found.get((home, host), 0) for host in hosts))
            for home in homes
        ),
        Chart.FLOW,
    )
    yield _places(found, homes, hosts)


def _places(
    found: Mapping[tuple[str | None, str | None], int],
    homes: Iterable[str | None],
    hosts: Iterable[str | None],
) -> Statistic:
    sent, received = _sums(found, 0), _sums(found, 1)
    codes = dict.fromkeys((*homes, *hosts))
    return Statistic(
        "places",
        _("Who sends and who receives"),
        _(
            "Each square is a jurisdiction, about where it lies to the others; it has no borders."
            " Counted is how often experts were sent from there, and received there, on missions"
            " that began in the period."
        ),
        _("Jurisdiction"),
        (_("sent from there"), _("received there")),
        tuple(
            Line(place_name(code), (sent.get(code, 0), received.get(code, 0)), code)
            for code in sorted(
                codes, key=lambda one: (-sent.get(one, 0) - received.get(one, 0), one or "")
            )
        ),
        Chart.MAP,
    )


def _sums(found: Mapping[tuple[str | None, str | None], int], end: int) -> dict[str | None, int]:
    sums: dict[str | None, int] = {}
    for way, count in found.items():
        sums[way[end]] = sums.get(way[end], 0) + count
    return sums


def _by_size(sums: Mapping[str | None, int]) -> list[str | None]:
    return sorted(sums, key=lambda code: (-sums[code], code or ""))


def _out_of_turn(session: Session, asked: Asked) -> Statistic:
    found = choices.count_out_of_turn(session, asked)
    return Statistic(
        "out-of-turn",
        _("Chosen before others who fit better"),
        _(
            "Of %(number)s experts put on a shortlist, these stood far below others, were ruled"
            " out, or had nothing to go on.",
            number=choices.count_shortlisted(session, asked),
        ),
        _("Reason"),
        tuple(stood.label for stood in OutOfTurn),
        _by_kind(found, tuple(OutOfTurn)),
    )


def refusals(session: Session, asked: Asked) -> Statistic:
    """Return why experts considered fell out, by the kind of the reason and by whose no it was."""
    found = choices.count_refusals(session, asked)
    return Statistic(
        "refusals",
        _("Why people say no"),
        _(
            "Kinds of reasons with which experts considered fell out. Numbers below five are left"
            " out."
        ),
        _("Reason"),
        tuple(NO_OF.values()),
        tuple(
            Line(line.label, tuple(rules.tellable(int(value or 0)) for value in line.values))
            for line in _by_kind(found, choices.SAID_NO)
        ),
    )


def _by_kind(
    found: Mapping[tuple[ReasonKind, Any], int], columns: Sequence[Column]
) -> tuple[Line, ...]:
    """Return a line for each kind of reason that was given, the most frequent first."""
    sums = {kind: sum(found.get((kind, one), 0) for one in columns) for kind, _ in found}
    kinds = sorted(sums, key=lambda kind: (-sums[kind], kind.value))
    return tuple(
        Line(kind.label, tuple(found.get((kind, one), 0) for one in columns)) for kind in kinds
    )


def _costs(session: Session, asked: Asked) -> Iterator[Statistic]:
    says = _(
        "In euros, of %(number)s missions that begin in the period, were not cancelled, and of"
        " which costs are written down.",
        number=costs.count_missions(session, asked),
    )
    by_item, by_payer = costs.sum_by_item(session, asked), costs.sum_by_payer(session, asked)
    yield Statistic(
        "cost-items", _("What missions cost"), says, _("For what"), _PLANNED_AND_ACTUAL,
        tuple(Line(item.label, by_item[item]) for item in CostItem if item in by_item),
    )  # fmt: skip
    yield Statistic(
        "cost-payers", _("Who pays"), says, _("Who pays"), _PLANNED_AND_ACTUAL,
        tuple(Line(payer.label, by_payer[payer]) for payer in Payer if payer in by_payer),
    )  # fmt: skip


_PLANNED_AND_ACTUAL = (_("planned"), _("actual"))


_OF_PART: dict[Part, Callable[[Session, Asked], Iterable[Statistic]]] = {
    Part.THEMES: _themes,
    Part.PEOPLE: _people,
    Part.TIMES: _waits,
    Part.PLACES: _ways,
    Part.CHOICES: _choices,
    Part.COSTS: _costs,
}
