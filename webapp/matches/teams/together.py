"""What there is to remark of several experts as a team, whoever has put them together.

The remarks warn and bar nothing. They are made of the people who are there, so that a team changed
by hand is looked at as closely as one that was suggested. Sexes and jurisdictions count for the
balance of a team alone, and never in a ranking.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session, selectinload

from webapp.core.actor import Actor
from webapp.core.record.disclosure import Named
from webapp.core.words.translation import Deferred, Message, _
from webapp.core.words.vocabularies import LanguageNeed, jurisdiction_name, language_name
from webapp.expertise_requests.models import ExpertiseRequest, RequiredLanguage
from webapp.experts.models import Expert, Gender
from webapp.matches import queries, remarks
from webapp.matches.remarks import RemarkKind, level_in
from webapp.matches.wording import remark_sentence
from webapp.themes.models import Theme
from webapp.themes.wording import label_of

# Days on which somebody of a team cannot go.
CLASHES: Final = frozenset({RemarkKind.SAID_YES, RemarkKind.UNAVAILABLE})
_ALL_OF: Final = {
    Gender.MALE: _("All of them are men."),
    Gender.FEMALE: _("All of them are women."),
}
_AS_FAR_AS_SAID: Final = {
    Gender.MALE: _("All of them whose profiles say it are men."),
    Gender.FEMALE: _("All of them whose profiles say it are women."),
}


def list_together(
    session: Session,
    actor: Actor,
    request: ExpertiseRequest,
    people: Sequence[Expert],
    now: datetime,
) -> list[Message]:
    """Return what there is to remark of these experts as the team for a request; how they are
    mixed says nothing where one expert is asked for."""
    if not people:
        return []
    # Read at once: one by one each would ask for the parts of their profile by themselves.
    ids = [one.id for one in people]
    read = queries.list_with_parts(session, ids, selectinload(Expert.themes))
    people = sorted(read, key=lambda one: ids.index(one.id))
    found: list[Message] = []
    if min(len(people), request.experts_needed) > 1:
        found += [*on_sexes(people), *on_origins(people)]
    found += [*on_themes(request, people), *on_languages(request, people)]
    return [*found, *_on_days(session, actor, request, people, now)]


def on_sexes(people: Sequence[Expert]) -> Iterator[Message]:
    """Warn where all of several people are of one sex, as far as their profiles say."""
    said = [expert.gender for expert in people if expert.gender]
    if len(said) > 1 and len(set(said)) == 1 and said[0] in _ALL_OF:
        yield (_ALL_OF if len(said) == len(people) else _AS_FAR_AS_SAID)[said[0]]


def on_origins(people: Sequence[Expert]) -> Iterator[Message]:
    """Warn where most of several people come from one jurisdiction, or from one institution."""
    if most := _most([expert.jurisdiction for expert in people]):
        code, count = most
        yield _(
            "From one jurisdiction: %(count)s of %(all)s (%(jurisdiction)s).",
            count=count,
            all=len(people),
            jurisdiction=Deferred(jurisdiction_name, code),
        )
    if most := _most([expert.institution for expert in people]):
        name, count = most
        yield _(
            "From one institution: %(count)s of %(all)s (%(institution)s).",
            count=count,
            all=len(people),
            institution=name,
        )


def _most(values: Sequence[str | None]) -> tuple[str, int] | None:
    """Return what more than half of several people share, and how many do."""
    counted = Counter(filter(None, values)).most_common(1)
    return next(((one, n) for one, n in counted if n > 1 and 2 * n > len(values)), None)


def on_themes(request: ExpertiseRequest, people: Sequence[Expert]) -> Iterator[Message]:
    """Warn of the themes of a request that nobody claims."""
    claimed = {row.theme_code for expert in people for row in expert.themes}
    if lacking := [row.theme for row in request.themes if row.theme_code not in claimed]:
        yield _(
            "Nobody of them claims these themes of the request: %(themes)s.",
            themes=Deferred(_joined_themes, lacking),
        )


def on_languages(request: ExpertiseRequest, people: Sequence[Expert]) -> Iterator[Message]:
    """Warn of who has not the languages that are required, and of useful ones that nobody has."""
    for row in request.languages:
        lacking = [expert for expert in people if not _speaks(expert, row)]
        facts = {"language": Deferred(language_name, row.language), "level": row.level.value}
        if row.need is LanguageNeed.REQUIRED and lacking:
            yield _(
                "%(language)s at %(level)s is required and not in the profile of: %(names)s.",
                names=_names(lacking),
                **facts,
            )
        elif row.need is LanguageNeed.USEFUL and len(lacking) == len(people):
            yield _(
                "%(language)s at %(level)s would be useful, and nobody of them has it.", **facts
            )
    one_of = [row for row in request.languages if row.need is LanguageNeed.ONE_OF]
    without = [one for one in people if not any(_speaks(one, row) for row in one_of)]
    if one_of and without:
        yield _(
            "One of several languages is required, and none of them is in the profile of: "
            "%(names)s.",
            names=_names(without),
        )


def _speaks(expert: Expert, asked: RequiredLanguage) -> bool:
    has = level_in(expert, asked.language)
    return has is not None and has.reaches(asked.level)


def _on_days(
    session: Session,
    actor: Actor,
    request: ExpertiseRequest,
    people: Sequence[Expert],
    now: datetime,
) -> Iterator[Message]:
    """Warn by name of who cannot go on days of the request, or has said yes to others as well."""
    about = remarks.list_remarks(session, actor, request, people, now)
    for expert in people:
        for remark in about.get(expert.id, ()):
            if remark.kind in CLASHES:
                yield _(
                    "%(name)s: %(remark)s",
                    name=Named.of(expert),
                    remark=remark_sentence(remark),
                )


def _names(people: Iterable[Expert]) -> Deferred:
    return Deferred(_joined, [Named.of(expert) for expert in people])


def _joined(words: Iterable[object]) -> str:
    return ", ".join(map(str, words))


def _joined_themes(themes: Iterable[Theme]) -> str:
    return _joined(map(label_of, themes))
