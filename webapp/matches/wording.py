"""The matcher's codes in words that a coordinator reads, and the story's sentences."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask.sansio.app import App
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from webapp.core.formats import day_name, period_name
from webapp.core.vocabularies import jurisdiction_name, language_name
from webapp.expertise_requests import timeline
from webapp.experts import queries as experts
from webapp.matches.ranking import SetAside

WHY_NOT_RANKED = {
    "no_shared_term": "Nothing in the profile bears on this request.",
    "thin_profile": "The profile is too thin to rank: it needs a summary or evidence.",
}
NOT_KNOWN = {
    "language": "languages are not filled in",
    "jurisdiction": "home jurisdiction is not filled in",
    "max_days": "longest assignment is not filled in",
}


def _language(detail: Mapping[str, Any]) -> str:
    needed = f"{language_name(detail['language'])} at {detail['needed']} is required"
    return f"{needed}; the profile has {detail['has'] or 'none'}."


def _period(detail: Mapping[str, Any]) -> str:
    return period_name(date.fromisoformat(detail["start"]), date.fromisoformat(detail["end"]))


def _jurisdiction(detail: Mapping[str, Any]) -> str:
    name = jurisdiction_name(detail["jurisdiction"])
    if detail["excluded_by"] == "request":
        return f"The requester cannot receive experts from {name}."
    return f"The expert cannot go to {name}."


_REASONS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "language": _language,
    "dates": lambda detail: f"Not available {_period(detail)}.",
    "booked": lambda detail: f"Approved for another mission {_period(detail)}.",
    "jurisdiction": _jurisdiction,
    "max_days": lambda detail: (
        f"The assignment takes {detail['days']} days; the expert can be away for at most"
        f" {detail['max_days']}."
    ),
    "approval": lambda detail: (
        "The nominating authority's approval ends on"
        f" {day_name(date.fromisoformat(detail['approved_until']))}, before the assignment does."
    ),
}


def reason_sentence(code: str, detail: Mapping[str, Any]) -> str:
    """Return a reason of the matcher, by its code and facts, as a sentence."""
    return _REASONS[code](detail)


def ruled_out_because(item: SetAside) -> list[str]:
    """Return why an expert is ruled out, a sentence for each reason."""
    return [reason_sentence(reason.code, reason.detail) for reason in item.reasons]


def not_ranked_because(item: SetAside) -> list[str]:
    """Return why there is nothing to rank an expert by."""
    return [WHY_NOT_RANKED[item.why]]


def highlighted(entry: Mapping[str, Any]) -> Markup:
    """Return the sentence of an explained entry, escaped, with the shared words marked."""
    sentence, parts, at = entry["sentence"], [], 0
    for start, end in entry["highlights"]:
        parts += [escape(sentence[at:start]), Markup("<mark>{}</mark>").format(sentence[start:end])]
        at = end
    return Markup("").join([*parts, escape(sentence[at:])])


def in_own_words_first(entries: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return explained entries with the expert's own sentences before the themes merely claimed."""
    return sorted(entries, key=lambda entry: entry["kind"] == "theme")


def each_once(terms: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return explained terms, the first of those that read the same but for their case."""
    once: dict[str, Mapping[str, Any]] = {}
    for term in terms:
        once.setdefault((term["concept"] or term["asked"]).casefold(), term)
    return list(once.values())


def init_app(app: App) -> None:
    """Give the templates of this room its words."""
    app.jinja_env.filters.update(
        each_once=each_once,
        highlighted=highlighted,
        in_own_words_first=in_own_words_first,
        not_known=NOT_KNOWN.__getitem__,
    )
    app.jinja_env.globals.update(
        ruled_out_because=ruled_out_because, not_ranked_because=not_ranked_because
    )


# {expert} is filled with the expert's name; what is open to the requester names only experts that
# have been proposed to them.
timeline.words("match: shortlist", "put {expert} on the shortlist")
timeline.words("match: invite", "invited {expert}")
timeline.words("match: accept", "{expert} accepted the invitation")
timeline.words("match: decline", "{expert} declined the invitation")
timeline.words("match: note the yes", "noted that {expert} said yes")
timeline.words("match: note the no", "noted that {expert} said no")
timeline.words("match: ask for release", "asked the nominating authority to release {expert}")
timeline.words("match: record the release", "noted that {expert} is released")
timeline.words("match: record the refusal", "noted that {expert} is not released")
timeline.words("match: approve", "approved {expert}")
timeline.words("match: propose", "proposed {expert}", open_to_requester=True)
timeline.words("match: select", "selected {expert}", open_to_requester=True)
timeline.words("match: keep as alternate", "kept {expert} in reserve", open_to_requester=True)
timeline.words("match: pass over", "decided against {expert}", open_to_requester=True)
timeline.words("match: reconsider", "took {expert} up again")
timeline.words(
    "match: take back the proposal",
    "{expert} is no longer available for this request",
    open_to_requester=True,
)
timeline.words("match: cancel", "ended the match with {expert}")


@timeline.name_experts_by
def _names(session: Session, ids: set[int]) -> dict[int, str]:
    return experts.get_names(session, ids)
