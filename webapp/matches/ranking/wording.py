"""The matcher's codes in words that a coordinator reads."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import Flask
from markupsafe import Markup, escape

from webapp.core.words.formats import period_name
from webapp.core.words.language import SOURCE_LANGUAGE, current_language
from webapp.core.words.text_rules import first_capital
from webapp.core.words.translation import Deferred, Message, _, translated
from webapp.core.words.vocabularies import jurisdiction_name, language_name
from webapp.matches.ranking.last_look import Gone
from webapp.matches.ranking.names import Name, called
from webapp.matches.ranking.rankings import SetAside
from webapp.matches.wording import most_missions_sentence, notice_sentence

WHY_NOT_RANKED = {
    "no_shared_term": _("Nothing in the profile bears on this request."),
    "thin_profile": _("The profile is too thin to rank: it needs a summary or evidence."),
}


# Of what kind a passage is that the matcher sets aside.
WHY_SET_ASIDE = {
    "organisation": _("about the organisation"),
    "host": _("what the host has or does"),
    "header": _("letterhead, greetings, addresses and names of fields"),
    "competencies": _("general competencies"),
    "qualifications": _("general qualifications"),
    "payment": _("payment"),
    "travel": _("travel and lodging"),
    "policy": _("rules of conduct"),
    "reporting": _("whom to report to, and reports"),
    "evaluation": _("how offers are judged"),
    "application": _("how to apply"),
    "not_wanted": _("said not to be wanted"),
    "unasked": _("asks for nothing, in a paper of set parts"),
}


HOW_WELL = {
    "nobody": _(
        "Nobody on the roster seems to fit: even the best has little of what is asked for. This can"
        " be wrong: please look at those who come nearest. Dormant profiles are not read."
    ),
    "unsure": _("It is not sure that anybody fits well: the best has some of what is asked for."),
}


NOT_KNOWN = {
    "language": _("languages are not filled in"),
    "jurisdiction": _("home jurisdiction is not filled in"),
    "max_days": _("longest assignment is not filled in"),
}


def _language(detail: Mapping[str, Any]) -> Message:
    name = Deferred(language_name, detail["language"])
    if not detail["has"]:
        return _(
            "%(language)s at %(needed)s is required; the profile has none.",
            language=name,
            needed=detail["needed"],
        )
    return _(
        "%(language)s at %(needed)s is required; the profile has %(has)s.",
        language=name,
        needed=detail["needed"],
        has=detail["has"],
    )


def _one_language(detail: Mapping[str, Any]) -> Message:
    return _(
        "One of these is required, and the profile has none of them well enough: %(languages)s.",
        languages=Deferred(_languages_at, sorted(detail["needed"].items())),
    )


def _languages_at(asked: Iterable[tuple[str, str]]) -> str:
    """Return languages with the levels asked for: Russian B2, English C1."""
    return ", ".join(f"{language_name(code)} {level}" for code, level in asked)


def _period(detail: Mapping[str, Any]) -> Deferred:
    start, end = date.fromisoformat(detail["start"]), date.fromisoformat(detail["end"])
    return Deferred(period_name, start, end)


def _jurisdiction(detail: Mapping[str, Any]) -> Message:
    name = Deferred(jurisdiction_name, detail["jurisdiction"])
    if detail["excluded_by"] == "request":
        return _("The requester cannot receive experts from %(jurisdiction)s.", jurisdiction=name)
    return _("The expert cannot go to %(jurisdiction)s.", jurisdiction=name)


_REASONS: dict[str, Callable[[Mapping[str, Any]], Message]] = {
    "language": _language,
    "one_language": _one_language,
    "dates": lambda detail: _("Not available %(period)s.", period=_period(detail)),
    "booked": lambda detail: _("Approved for a mission %(period)s.", period=_period(detail)),
    "busy": lambda _detail: _("Not free on days of this mission."),
    "jurisdiction": _jurisdiction,
    "max_days": lambda detail: _(
        "The assignment takes %(days)s days; the expert can be away for at most %(max_days)s.",
        days=detail["days"],
        max_days=detail["max_days"],
    ),
    "notice": lambda detail: notice_sentence(
        {**detail, "start": date.fromisoformat(detail["start"])}
    ),
    "missions": most_missions_sentence,
    "approval": lambda detail: _(
        "The nominating authority's approval ends on %(day)s, before the assignment does.",
        day=date.fromisoformat(detail["approved_until"]),
    ),
}


def reason_sentence(code: str, detail: Mapping[str, Any]) -> Message:
    """Return a reason of the matcher, by its code and facts, as a sentence."""
    return _REASONS[code](detail)


def ruled_out_because(item: SetAside) -> list[Message]:
    """Return why an expert is ruled out, a sentence for each reason."""
    return [reason_sentence(reason.code, reason.detail) for reason in item.reasons]


def not_ranked_because(item: SetAside) -> list[Message]:
    """Return why there is nothing to rank an expert by."""
    return [WHY_NOT_RANKED[item.why]]


def gone_because(gone: Gone) -> list[Message]:
    """Return why somebody does not stand in the first places any more."""
    if gone.step.why:
        return [_("is at place %(now)s: %(why)s", now=gone.step.now or 0, why=gone.step.why.label)]
    if gone.set_aside is None:
        return [_("is “%(state)s” on the roster now", state=gone.expert.state)]
    is_out = bool(gone.set_aside.reasons)
    return ruled_out_because(gone.set_aside) if is_out else not_ranked_because(gone.set_aside)


def highlighted(entry: Mapping[str, Any]) -> Markup:
    """Return the sentence of an explained entry, escaped, with the shared words marked.

    A theme that is claimed is told by its name, in which words of other languages are not marked.
    """
    if entry["kind"] == "theme" and current_language() != SOURCE_LANGUAGE:
        return escape(entry_title(entry))
    sentence, parts, at = entry["sentence"], [], 0
    for start, end in entry["highlights"]:
        parts += [escape(sentence[at:start]), Markup("<mark>{}</mark>").format(sentence[start:end])]
        at = end
    return Markup("").join([*parts, escape(sentence[at:])])


def entry_title(entry: Mapping[str, Any]) -> str:
    """Return what an explained entry is called: themes have names in the reader's language."""
    title = str(entry["title"])
    return translated(first_capital(title)) if entry["kind"] == "theme" else title


def in_own_words_first(entries: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return explained entries with the expert's own sentences before the themes merely claimed;
    without those in which no reason stands, unless there are no others.

    They share nothing but a broad subject, as a "pickpocket squad" does with investigations of
    smuggling, or words in passing.
    """
    bearing = [entry for entry in entries if _bears(entry) or entry.get("removed")]
    return sorted(bearing or entries, key=lambda entry: entry["kind"] == "theme")


def _bears(entry: Mapping[str, Any]) -> bool:
    """Tell whether a reason stands in an entry; of what was kept before that was told apart,
    whether anything is marked in it."""
    return bool(entry.get("bears", entry["highlights"]))


def each_once(terms: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return explained terms, the first of those that read the same but for their case.

    What both sides say in the same English words is told in them, without the name of a subject,
    to whoever reads English; others read the name.
    """
    once: dict[str, Mapping[str, Any]] = {}
    in_own_words = current_language() == SOURCE_LANGUAGE
    for term in terms:
        told = {**term, "concept": None} if in_own_words and term.get("same_words") else term
        once.setdefault(called(told).text.casefold(), told)
    return list(once.values())


def names_once(terms: Iterable[Mapping[str, Any]]) -> list[Name]:
    """Return the names of explained terms, each once, those of subjects first."""
    return [called(term) for term in sorted(each_once(terms), key=lambda one: not one["concept"])]


def shown_to_requester(explanation: Mapping[str, Any]) -> list[Name]:
    """Return the subjects that a requester asks for and a profile shows, by their names."""
    return names_once(
        term
        for term in explanation["terms"]
        if term["found"] and not term["claimed"] and (term["concept"] or term.get("concept_id"))
    )


def in_passing(terms: Iterable[Mapping[str, Any]]) -> list[tuple[str, bool]]:
    """Return what is shared without being a reason, and whether it is quoted from the profile; each
    wording once.

    The words of a theme that is claimed are nobody's own, and English: its subjects are named.
    """
    told: dict[str, tuple[str, bool]] = {}
    for term in each_once(terms):
        if not term["claimed"]:
            told.update(
                (wording.casefold(), (wording, True))
                for wording in term["found"].split(", ")
                if wording and wording.casefold() not in told
            )
        elif term["concept"]:
            told.setdefault(term["concept"].casefold(), (term["concept"], False))
    return list(told.values())


KINDS = {
    "summary": _("Summary"),
    "theme": _("Theme claimed"),
    "experience": _("Evidence"),
    "training": _("Training"),
}


def init_app(app: Flask) -> None:
    """Give the templates of a ranking its words."""
    app.jinja_env.filters.update(
        called=called,
        each_once=each_once,
        names_once=names_once,
        shown_to_requester=shown_to_requester,
        highlighted=highlighted,
        in_own_words_first=in_own_words_first,
        in_passing=in_passing,
        entry_kind=KINDS.__getitem__,
        entry_title=entry_title,
        not_known=NOT_KNOWN.__getitem__,
    )
    app.jinja_env.globals.update(
        gone_because=gone_because,
        ruled_out_because=ruled_out_because,
        not_ranked_because=not_ranked_because,
        why_set_aside=WHY_SET_ASIDE,
        how_well=HOW_WELL,
    )
