"""What the pages of the roster say of states, of gaps, and of when past work took place."""

from flask import Flask

from webapp.core import clock
from webapp.core.words.formats import month_name
from webapp.core.words.translation import Message, _, gettext, ngettext
from webapp.experts.models import (
    ConfirmationState,
    Evidence,
    Expert,
    ExpertState,
    LanguageSkill,
    Service,
)
from webapp.experts.rules import Gap, is_empty

S = ExpertState
MEANINGS: dict[ExpertState, Message] = {
    S.NOMINATED: _("The nomination has arrived; a coordinator will look at it. Not ranked yet."),
    S.SCREENING: _("A coordinator is looking at the profile. Not ranked yet."),
    S.ACTIVE: _("The profile is ranked for new requests."),
    S.DORMANT: _("Nobody has confirmed the profile in time. Not ranked until that is done."),
    S.SUSPENDED: _("The profile is not ranked until a coordinator reactivates it."),
    S.WITHDRAWN: _("The profile is not on the roster, and not ranked."),
    S.EXPIRED: _("The authority's approval has ended. Not ranked until it approves again."),
    S.ERASED: _("The person was erased: only the number is left, and what is counted of the past."),
}
NOT_NOMINATED = _("The profile has arrived; a coordinator will look at it. Not ranked yet.")
SAYS_NOTHING = _(
    "The profile is active, but it says nothing of what the expert can do, so no request can find"
    " it."
)
SAYS_LITTLE = _(
    "The profile is active, but has neither summary nor evidence: there is little to rank it by,"
    " and most requests will pass it over."
)
# What the expert is told of a gap, and why it matters.
GAPS: dict[Gap, tuple[Message, Message]] = {
    Gap.POST: (
        _("Your post and institution"),
        _("Requesters read them first when you are proposed."),
    ),
    Gap.JURISDICTION: (
        _("Your jurisdiction"),
        _("Some requests cannot take experts of every jurisdiction; without it you may be left"
          " out."),
    ),
    Gap.SUMMARY: (
        _("A summary in your own words"),
        _("The ranking compares its words with the words of each request."),
    ),
    Gap.ENGLISH: (
        _("A short summary in English"),
        _(
            "Requesters to whom you are proposed read it in place of what stands in your language,"
            " evidence included; most of them do not read that."
        ),
    ),
    Gap.MAX_DAYS: (
        _("How many days you can be away"),
        _("You are not asked for missions that are longer."),
    ),
    Gap.THEMES: (
        _("Your themes"),
        _("Requests name themes; yours are compared with them."),
    ),
    Gap.EVIDENCE: (
        _("Evidence of past work"),
        _("What you have done counts for more than what you say you can do."),
    ),
    Gap.LANGUAGES: (
        _("Your languages with their levels"),
        _("Most requests require a language at a level; without it you are ruled out."),
    ),
    Gap.DESCRIPTIONS: (
        _("A description of each piece of evidence"),
        _("Two or three sentences on what you did let the ranking find you, and show why."),
    ),
}  # fmt: skip
# The sections of a profile of which more can be asked, by the names of their addresses.
SECTIONS: dict[str, Message] = {
    "about": _("About the expert"),
    "themes": _("Themes"),
    "evidence": _("Evidence of past work"),
    "training": _("Training and certificates"),
    "languages": _("Languages"),
    "unavailable": _("Days not available"),
    "closed-jurisdictions": _("Jurisdictions where you cannot go"),
    "entries": _("Several entries at once"),
}
# The same gaps in a list for others.
SHORT_GAPS: dict[Gap, Message] = {
    Gap.POST: _("post and institution"),
    Gap.JURISDICTION: _("jurisdiction"),
    Gap.SUMMARY: _("summary"),
    Gap.ENGLISH: _("summary in English"),
    Gap.MAX_DAYS: _("longest mission"),
    Gap.THEMES: _("themes"),
    Gap.EVIDENCE: _("evidence"),
    Gap.LANGUAGES: _("languages"),
    Gap.DESCRIPTIONS: _("descriptions of some evidence"),
}


def meaning(expert: Expert) -> Message:
    """Return what the state of the profile means, and what the ranking can do with it."""
    if expert.state is S.ACTIVE and is_empty(expert):
        return SAYS_NOTHING
    if expert.state is S.ACTIVE and not (expert.summary or expert.evidence):
        return SAYS_LITTLE
    if expert.state is S.NOMINATED and expert.authority is None:
        return NOT_NOMINATED
    return MEANINGS[expert.state]


def months(row: Evidence) -> str | Message:
    """Return when the work took place, by months: "March 2018 – June 2019"."""
    started = month_name(row.started) if row.started else None
    ended = month_name(row.ended) if row.ended else None
    return _from_to(started, ended)


def years(row: Evidence) -> str | Message:
    """Return when the work took place, by years: "2018–2019"; requesters are told no more."""
    started = str(row.started.year) if row.started else None
    ended = str(row.ended.year) if row.ended else None
    return _from_to(started, ended, dash="–")


def _from_to(started: str | None, ended: str | None, dash: str = " – ") -> str | Message:
    if started is None:
        return _("until %(month)s", month=ended) if ended else ""
    if ended is None:
        return _("since %(month)s", month=started)
    return started if started == ended else f"{started}{dash}{ended}"


_CONFIRMATIONS: dict[ConfirmationState, Message] = {
    ConfirmationState.ASKED: _("%(who)s was asked to confirm it on %(day)s."),
    ConfirmationState.CONFIRMED: _("%(who)s confirmed it on %(day)s."),
    ConfirmationState.REFUSED: _("%(who)s did not confirm it on %(day)s."),
    ConfirmationState.CHANGED: _(
        "%(who)s was asked on %(day)s or before; it was changed since, so that it counts as not"
        " confirmed."
    ),
}


def confirmation_words(row: Evidence) -> Message | str:
    """Return who was asked whether a piece of evidence is true, and what came of it."""
    asked = row.confirmation
    if asked is None:
        return ""
    who = f"{asked.name}, {asked.organisation}" + (f" ({asked.email})" if asked.email else "")
    return _CONFIRMATIONS[asked.state] % {"who": who, "day": asked.state_since.date()}


def service(expert: Expert) -> str:
    """Return whether somebody still serves, and since when."""
    since = expert.service_since
    said = [str(expert.service.label)] if expert.service else []
    if since and expert.service in {None, Service.SERVING}:
        years = clock.today().year - since
        said.append(
            ngettext(
                "%(num)s year, since %(year)s", "%(num)s years, since %(year)s", years, year=since
            )
        )
    elif since:
        said.append(gettext("entered in %(year)s", year=since))
    return ", ".join(said)


def skill_levels(row: LanguageSkill) -> str:
    """Return the levels of the four skills and STANAG 6001 beside each other, where given."""
    skills = (
        (_("listening"), row.listening),
        (_("speaking"), row.speaking),
        (_("reading"), row.reading),
        (_("writing"), row.writing),
    )
    said = [f"{label} {level.value}" for label, level in skills if level]
    if row.stanag:
        said.append(f"STANAG 6001: {row.stanag}")
    return " · ".join(said)


def init_app(app: Flask) -> None:
    """Give the templates of this package its words."""
    app.jinja_env.filters.update(
        confirmation_words=confirmation_words,
        evidence_months=months,
        evidence_years=years,
        gap_short=SHORT_GAPS.__getitem__,
        gap_what=lambda gap: GAPS[gap][0],
        gap_why=lambda gap: GAPS[gap][1],
        profile_meaning=meaning,
        service=service,
        skill_levels=skill_levels,
        section_name=lambda section: SECTIONS.get(section, section),
    )
