"""What a coordinator asks of a team as a whole: for the matcher, and in words.

The matcher knows neither who is a woman nor who works where: whom a quota is about is looked up
here, and only when it was set.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from webapp.core.words.translation import Message, _
from webapp.core.words.vocabularies import CefrLevel, language_name
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert, Gender

if TYPE_CHECKING:
    import matcher

# What can be left unmet by a team that is shown all the same, so that it can be mended by hand.
SOFT: Final = ("languages", "jurisdictions_at_most", "jurisdictions_at_least", "groups")
# How much covering every subject counts where a coordinator wants that first.
COVERING: Final = 0.5
WOMEN, MEN, LEADS, THEME, INSTITUTION = "women", "men", "leads", "theme", "institution"


@dataclass(frozen=True)
class Quotas:
    """What is asked of a team; what is None or empty asks nothing.

    `kept` and `left_out` are the numbers of experts whom the coordinator has put in or taken out.
    """

    women: int | None = None
    men: int | None = None
    jurisdictions: int | None = None
    most_of_jurisdiction: int | None = None
    most_of_institution: int | None = None
    language: str | None = None
    level: CefrLevel = CefrLevel.B2
    speakers: int = 1
    each_theme: bool = False
    leads: bool = False
    kept: frozenset[int] = frozenset()
    left_out: frozenset[int] = frozenset()


NO_QUOTAS: Final = Quotas()


def rules_for(
    quotas: Quotas,
    request: ExpertiseRequest,
    people: Collection[Expert],
    leaders: Collection[str],
    *,
    cover: bool,
) -> matcher.TeamRules:
    """Return the quotas as the matcher reads them, of those who could be members; `leaders` are the
    ids of those of them who have led."""
    import matcher

    languages = {quotas.language: (quotas.level.value, quotas.speakers)} if quotas.language else {}
    rules = matcher.TeamRules(
        languages=languages,
        at_most_from_one=quotas.most_of_jurisdiction,
        jurisdictions=quotas.jurisdictions,
        must=[str(number) for number in quotas.kept],
        must_not=[str(number) for number in quotas.left_out],
        groups=dict(_groups(quotas, request, people, leaders)),
    )
    return replace(rules, coverage=COVERING) if cover else rules


def _groups(
    quotas: Quotas,
    request: ExpertiseRequest,
    people: Collection[Expert],
    leaders: Collection[str],
) -> Iterable[tuple[str, matcher.Quota]]:
    import matcher

    for sex, name, least in (
        (Gender.FEMALE, WOMEN, quotas.women),
        (Gender.MALE, MEN, quotas.men),
    ):
        if least:
            yield name, matcher.Quota(_ids(people, lambda one, sex=sex: one.gender is sex), least)
    if quotas.leads:
        yield LEADS, matcher.Quota(leaders, 1)
    themes = [row.theme_code for row in request.themes]
    for code in themes if quotas.each_theme else ():
        having = _ids(people, lambda one, code=code: _claims(one, code))
        yield f"{THEME}:{code}", matcher.Quota(having, 1)
    if (most := quotas.most_of_institution) is not None:
        # Who names no institution is counted in none.
        for name in {one.institution for one in people} - {""}:
            there = _ids(people, lambda one, name=name: one.institution == name)
            if len(there) > most:
                yield f"{INSTITUTION}:{name}", matcher.Quota(there, most=most)


def _ids(people: Collection[Expert], chosen: Callable[..., bool]) -> list[str]:
    return [str(person.id) for person in people if chosen(person)]


def _claims(expert: Expert, theme: str) -> bool:
    return any(row.theme_code == theme for row in expert.themes)


def in_words(
    constraint: matcher.Constraint, names: Mapping[str, str], themes: Mapping[str, str]
) -> Message:
    """Return what a team does not meet, with experts by their ids and themes by their codes."""
    facts: dict[str, Any] = dict(constraint.detail)
    if constraint.code == "groups":
        kind, _colon, of = constraint.detail["group"].partition(":")
        facts |= {"theme": themes.get(of, of), "institution": of}
        return _GROUPS[kind] % facts
    if constraint.code == "languages":
        facts["language"] = language_name(facts["language"])
    if "expert_id" in facts:
        facts["name"] = names.get(facts["expert_id"], _("somebody who is not among them"))
    return _WORDS[constraint.code] % facts


_WORDS: Final = {
    "size": _("a team of %(size)s, where %(candidates)s can be chosen"),
    "languages": _(
        "at least %(needed)s who speak %(language)s at %(level)s or better"
        " (%(candidates)s of those to choose from do)"
    ),
    "jurisdictions_at_most": _("at most %(most)s from one jurisdiction"),
    "jurisdictions_at_least": _(
        "at least %(least)s jurisdictions (those to choose from come from %(jurisdictions)s)"
    ),
    "must": _("%(name)s in the team"),
    "must_not": _("%(name)s not in the team"),
}
_GROUPS: Final = {
    WOMEN: _("women: at least %(least)s (%(candidates)s among those to choose from)"),
    MEN: _("men: at least %(least)s (%(candidates)s among those to choose from)"),
    LEADS: _(
        "somebody who has led others in what the request asks for"
        " (%(candidates)s among those to choose from)"
    ),
    THEME: _("the theme “%(theme)s” (%(candidates)s of those to choose from have it)"),
    INSTITUTION: _("at most %(most)s from %(institution)s"),
}
