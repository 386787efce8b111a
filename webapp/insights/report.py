"""The report of a period, as the platform has long given it: a page, a PDF, a table."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy.orm import Session

from webapp.core.files.spreadsheets import Row
from webapp.core.words.formats import day_name
from webapp.core.words.translation import Message, _, gettext
from webapp.expertise_requests.models import RequestState
from webapp.expertise_requests.workflow import OPEN
from webapp.experts.models import Gender
from webapp.insights import leaving, rules, statistics
from webapp.insights.kinds import NOT_KNOWN, Asked, Line, Statistic, place_name
from webapp.insights.queries import missions, supply
from webapp.insights.queries.missions import Mission
from webapp.insights.rules import Number
from webapp.themes import queries as themes

NOT_TOLD = _("not told")


@dataclass(frozen=True)
class Figure:
    """One number of the report in words; one that counts `few` people may name them."""

    label: Message
    value: Number
    few: bool = False


@dataclass(frozen=True)
class Report:
    """All that is reported of a period."""

    asked: Asked
    figures: tuple[Figure, ...]
    tables: tuple[Statistic, ...]
    missions: tuple[Mission, ...]
    theme_names: Mapping[str, str]

    def for_files(self) -> "Report":
        """Return the report as its files hold it, without small numbers of people."""
        told = tuple(
            replace(one, value=rules.tellable(int(one.value or 0))) if one.few else one
            for one in self.figures
        )
        return replace(self, figures=told, tables=tuple(leaving.for_files(self.tables)))

    def theme_of(self, mission: Mission) -> str:
        """Return the main theme of a mission."""
        return self.theme_names.get(mission.theme or "", "")


def make(session: Session, asked: Asked) -> Report:
    """Return the report of a period."""
    listed = missions.list_missions(session, asked)
    names = {code: label for code, label, _area in themes.list_all_choices(session)}
    return Report(
        asked,
        (*_requests(session, asked), *_missions(session, asked, len(listed))),
        (
            *_tables(listed, names),
            statistics.institutions(session, asked),
            statistics.refusals(session, asked),
        ),
        tuple(listed),
        names,
    )


def _requests(session: Session, asked: Asked) -> Iterator[Figure]:
    states = supply.count_by_state(session, asked)
    yield Figure(_("requests sent in"), sum(states.values()))
    answered = (RequestState.CONFIRMED, RequestState.CLOSED)
    yield Figure(_("answered with experts"), sum(states.get(one, 0) for one in answered))
    yield Figure(_("closed without an expert"), states.get(RequestState.UNFILLED, 0))
    yield Figure(_("declined by SEESAC"), states.get(RequestState.DECLINED, 0))
    yield Figure(_("withdrawn by the requester"), states.get(RequestState.WITHDRAWN, 0))
    waiting = OPEN - {RequestState.CONFIRMED}
    yield Figure(_("still open"), sum(states.get(one, 0) for one in waiting))


def _missions(session: Session, asked: Asked, count: int) -> Iterator[Figure]:
    sent = missions.count_sent(session, asked)
    otherwise = missions.count_otherwise(session, asked)
    yield Figure(_("missions that began"), count)
    yield Figure(_("experts sent"), sent.times)
    yield Figure(_("different people among them"), sent.people)
    parts = [sent.by_gender.get(gender, 0) for gender in (Gender.FEMALE, Gender.MALE)]
    others = sent.times - sum(parts)
    women, men, _others = rules.tellable_parts((*parts, others))
    yield Figure(_("of those sent, women"), women)
    yield Figure(_("of those sent, men"), men)
    yield Figure(_("days on missions"), sent.days)
    taught = rules.tellable_parts(missions.count_participants(session, asked))
    yield Figure(_("women who took part, as requesters report"), taught[0])
    yield Figure(_("men who took part, as requesters report"), taught[1])
    yield Figure(
        _("missions whose experts report other numbers than the requester, whose are counted"),
        missions.count_reported_differently(session, asked),
    )
    yield Figure(_("experts whose mission ended early"), otherwise.curtailed, few=True)
    yield Figure(_("experts selected who did not go"), otherwise.cancelled, few=True)


def _tables(listed: Iterable[Mission], names: Mapping[str, str]) -> tuple[Statistic, ...]:
    homes: dict[str, int] = {}
    hosts: dict[str, tuple[int, int]] = {}
    about: dict[str, tuple[int, int]] = {}
    for mission in listed:
        for home, count in mission.homes.items():
            homes[home] = homes.get(home, 0) + count
        for sums, key in ((hosts, mission.jurisdiction or ""), (about, mission.theme or "")):
            began, sent = sums.get(key, (0, 0))
            sums[key] = began + 1, sent + mission.sent
    both = (_("missions"), _("experts sent"))
    return (
        Statistic(
            "homes", _("Where experts came from"), _("Experts sent, by their jurisdiction."),
            _("Jurisdiction"), (_("experts sent"),),
            _lines({code: (count,) for code, count in homes.items()}, place_name),
        ),
        Statistic(
            "hosts", _("Where missions went"), _("Missions and experts, by jurisdiction."),
            _("Jurisdiction"), both, _lines(hosts, place_name),
        ),
        Statistic(
            "about", _("What missions were about"), _("Missions and experts, by the main theme."),
            _("Theme"), both, _lines(about, lambda code: names.get(code, NOT_KNOWN)),
        ),
    )  # fmt: skip


def _lines(
    found: Mapping[str, tuple[int, ...]], name: Callable[[str], str | Message]
) -> tuple[Line, ...]:
    order = sorted(found, key=lambda key: ([-value for value in found[key]], key))
    return tuple(Line(name(key), found[key]) for key in order)


def rows_of_statistic(found: Statistic) -> Iterator[Row]:
    """Return a statistic as the rows of a table."""
    yield (str(found.of), *map(str, found.columns))
    for line in found.lines:
        yield (str(line.label), *(_cell(value) for value in line.values))


def rows_of_report(report: Report) -> Iterator[Row]:
    """Return the whole report as the rows of one table."""
    yield (gettext("From"), day_name(report.asked.first))
    yield (gettext("Until"), day_name(report.asked.last))
    yield ()
    for figure in report.figures:
        yield (str(figure.label), _cell(figure.value))
    for table in report.tables:
        yield ()
        yield (str(table.title),)
        yield from rows_of_statistic(table)
    yield ()
    yield (
        gettext("Request"), gettext("First day"), gettext("Last day"), gettext("Where"),
        gettext("Theme"), gettext("Experts sent"),
    )  # fmt: skip
    for mission in report.missions:
        yield (
            f"{mission.reference} {mission.title}", mission.start.isoformat(),
            mission.end.isoformat(), str(place_name(mission.jurisdiction)),
            report.theme_of(mission), mission.sent,
        )  # fmt: skip


def _cell(value: Number) -> str | int | float:
    if isinstance(value, Decimal):
        return float(value)  # Spreadsheets know no other numbers; cents stay what they are.
    return str(NOT_TOLD) if value is None else value
