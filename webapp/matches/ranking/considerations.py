"""What counts in a ranking beside the subject: how coordinators read it, and switch it off."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from flask import Flask

from webapp.core import clock
from webapp.core.words.formats import month_name
from webapp.core.words.translation import Deferred, Message, _, _n
from webapp.core.words.vocabularies import jurisdiction_name
from webapp.matches.ranking.sources import holds

if TYPE_CHECKING:
    import matcher

# By the names that the matcher has for them.
LABELS: Final[dict[str, Message]] = {
    "recency": _("How recent the work is"),
    "length": _("How long it took"),
    "place": _("Work where the request is from, or in its region"),
    "taught": _("Having taught rather than attended"),
    "confirmed": _("Evidence that somebody has confirmed"),
    "years": _("Years of experience, where the request asks for them"),
    "rank": _("Rank, where the request asks for one"),
}
# A change so small decides hardly any place.
_NOTHING: Final = 0.02
# So much relevant work speaks for somebody.
_MONTHS_THAT_SPEAK: Final = 12
# Work that ended no longer ago adds to a score, or takes nothing from it.
_MONTHS_OF_RECENT_WORK: Final = 72
# From so many months on, a length is told in years.
_MONTHS_AT_MOST: Final = 24
# So much of what was done where the request is from is named by its title.
_TITLES_AT_MOST: Final = 2


@dataclass(frozen=True)
class Consideration:
    """What may count for a request, whether it does, and the words of the request that ask for
    it."""

    name: str
    label: Message
    counts: bool
    asked: list[str]


@dataclass(frozen=True)
class Said:
    """What of a profile speaks for it, what against it, and what else is known of it."""

    speaks_for: list[Message]
    speaks_against: list[Message]
    besides: list[Message]


def list_considerations(
    asked: matcher.Request, wishes: Sequence[matcher.Wish]
) -> list[Consideration]:
    """Return everything that may count for a request."""
    words: dict[str, list[str]] = {name: [] for name in LABELS}
    for wish in wishes:
        whole: str = getattr(asked, wish.field)
        words[wish.name].append(whole[wish.start : wish.end])
    return [
        Consideration(name, label, name not in asked.without, list(dict.fromkeys(words[name])))
        for name, label in LABELS.items()
    ]


def say(explanation: Mapping[str, Any]) -> Said:
    """Return in words what counted of a profile; matches of old have nothing of it."""
    said = Said([], [], [])
    entries = explanation.get("entries", ())
    there = [entry["title"] for entry in entries if entry.get("there") and entry.get("bears", True)]
    in_post = _is_met_by_post(explanation)
    for row in explanation.get("considerations", ()):
        if not row["facts"]:
            continue
        for part in _parts(row):
            sentences = _SENTENCES[row["name"]](
                {**part["facts"], "there": there, "in_post": in_post}
            )
            leaning = _leaning(part, in_post=in_post)
            if leaning > _NOTHING:
                said.speaks_for.extend(sentences)
            elif leaning < -_NOTHING:
                said.speaks_against.extend(sentences)
            else:
                said.besides.extend(sentences)
    return said


def _parts(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return a row as what of it can lean to one side alone: having taught never speaks against
    somebody, and having attended never for them, whichever of the two has more weight."""
    if row["name"] != "taught":
        return [row]
    level, facts = float(row["level"]), row["facts"]
    return [
        {**row, "level": max(level, 0), "facts": {**facts, "attended": 0}},
        {**row, "level": min(level, 0), "facts": {**facts, "taught": 0}},
    ]


def _is_met_by_post(explanation: Mapping[str, Any]) -> bool:
    """Tell whether a reason stands in the present post, which has no dates.

    Of a chair who has been one for years the dated entries may tell of long ago alone.
    """
    posts = [entry for entry in explanation.get("entries", ()) if entry.get("kind") == "summary"]
    return any(
        holds({"kind": "summary", "text": post["title"]}, share)
        for post in posts
        for share in explanation.get("terms", ())
    )


def _leaning(row: Mapping[str, Any], *, in_post: bool) -> float:
    """Return how far a fact speaks for a profile; below zero, against it.

    Fewer years than are asked for, and some months of work, lift a score a little above those who
    show none. To a reader the first is a lack, and the second is nothing to boast of; nor are years
    of which the profile says nothing. Work of long ago can lower the score of somebody who has some
    that goes on: only where the last is old, too, and the present post is of something else does it
    speak against them.
    """
    level, facts = float(row["level"]), row["facts"]
    if row["name"] == "years" and facts["shown"] < facts["asked"]:
        return -abs(level) if facts["shown"] else 0
    if row["name"] == "length" and facts["months"] < _MONTHS_THAT_SPEAK:
        return 0
    if row["name"] == "recency" and (in_post or _is_recent(_last_month(facts))):
        return max(level, 0)
    return level


def _is_recent(month: date) -> bool:
    today = clock.today()
    return (today.year - month.year) * 12 + today.month - month.month <= _MONTHS_OF_RECENT_WORK


def _last_month(facts: Mapping[str, Any]) -> date:
    return date.fromisoformat(f"{facts['last']}-01")


def _recency(facts: Mapping[str, Any]) -> list[Message]:
    last = _last_month(facts)
    # What still goes on is counted up to the first day of the mission.
    if last > clock.today():
        return [_("relevant work that goes on")]
    if facts["in_post"]:
        return [
            _(
                "last relevant work with a date: %(month)s; the post bears on the request, too",
                month=Deferred(month_name, last),
            )
        ]
    return [_("last relevant work: %(month)s", month=Deferred(month_name, last))]


def _length(facts: Mapping[str, Any]) -> list[Message]:
    months = facts["months"]
    if months < _MONTHS_AT_MOST:
        return [_n("%(num)s month of relevant work", "%(num)s months of relevant work", months)]
    years = months // 12
    return [_n("%(num)s year of relevant work", "%(num)s years of relevant work", years)]


def _place(facts: Mapping[str, Any]) -> list[Message]:
    name = Deferred(jurisdiction_name, facts["jurisdiction"])
    titles = [title for title in facts["there"] if title][:_TITLES_AT_MOST]
    said = [_("%(jurisdiction)s: “%(title)s”", jurisdiction=name, title=title) for title in titles]
    if facts["same"] and not titles:
        said.append(
            _n(
                "%(jurisdiction)s: %(num)s relevant entry",
                "%(jurisdiction)s: %(num)s relevant entries",
                facts["same"],
                jurisdiction=name,
            )
        )
    if facts["like"]:
        said.append(
            _n(
                "elsewhere in the region of %(jurisdiction)s: %(num)s relevant entry",
                "elsewhere in the region of %(jurisdiction)s: %(num)s relevant entries",
                facts["like"],
                jurisdiction=name,
            )
        )
    return said


def _taught(facts: Mapping[str, Any]) -> list[Message]:
    said = []
    if taught := facts["taught"]:
        said.append(_n("taught: %(num)s entry", "taught: %(num)s entries", taught))
    if attended := facts["attended"]:
        said.append(_n("attended: %(num)s training", "attended: %(num)s trainings", attended))
    return said


def _confirmed(facts: Mapping[str, Any]) -> list[Message]:
    return [_n("confirmed: %(num)s entry", "confirmed: %(num)s entries", facts["entries"])]


def _years(facts: Mapping[str, Any]) -> list[Message]:
    if not facts["shown"]:
        return [
            _n(
                "the request asks for %(num)s year; the profile does not say how many",
                "the request asks for %(num)s years; the profile does not say how many",
                facts["asked"],
            )
        ]
    return [
        _n(
            "the request asks for %(num)s year; the profile shows %(shown)s",
            "the request asks for %(num)s years; the profile shows %(shown)s",
            facts["asked"],
            shown=facts["shown"],
        )
    ]


def _rank(facts: Mapping[str, Any]) -> list[Message]:
    if not facts["shown"]:
        return [_("the request asks for a rank; the profile names none that is known")]
    if facts["shown"] < facts["asked"]:
        return [_("the rank is below the one that the request asks for")]
    return [_("the rank is as high as the request asks for")]


_SENTENCES: Final[dict[str, Callable[[Mapping[str, Any]], list[Message]]]] = {
    "recency": _recency,
    "length": _length,
    "place": _place,
    "taught": _taught,
    "confirmed": _confirmed,
    "years": _years,
    "rank": _rank,
}


def init_app(app: Flask) -> None:
    """Give the templates of this package the words for what counts."""
    app.jinja_env.filters["considered"] = say
