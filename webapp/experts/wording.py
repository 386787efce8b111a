"""What the pages of the roster say of states, of gaps, and of when past work took place."""

from flask import Flask

from webapp.core.formats import month_name
from webapp.core.translation import Message, _
from webapp.experts.models import Evidence, Expert, ExpertState
from webapp.experts.rules import Gap, is_empty

S = ExpertState
MEANINGS: dict[ExpertState, Message] = {
    S.NOMINATED: _("The nomination has arrived; a coordinator will look at it. Not ranked yet."),
    S.SCREENING: _("A coordinator is looking at the profile. Not ranked yet."),
    S.ACTIVE: _("The profile is ranked for new requests."),
    S.SUSPENDED: _("The profile is not ranked until a coordinator reactivates it."),
    S.ERASED: _("The person was erased: only the number is left, and what is counted of the past."),
}
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
# The same gaps in a list for others.
SHORT_GAPS: dict[Gap, Message] = {
    Gap.POST: _("post and institution"),
    Gap.JURISDICTION: _("jurisdiction"),
    Gap.SUMMARY: _("summary"),
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


def init_app(app: Flask) -> None:
    """Give the templates of this package its words."""
    app.jinja_env.filters.update(
        evidence_months=months,
        evidence_years=years,
        gap_short=SHORT_GAPS.__getitem__,
        gap_what=lambda gap: GAPS[gap][0],
        gap_why=lambda gap: GAPS[gap][1],
        profile_meaning=meaning,
    )
