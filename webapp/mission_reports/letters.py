"""What people are told of reports."""

from webapp.core.words.formats import period_name
from webapp.core.words.translation import Deferred, Words, _
from webapp.deployments.models import Deployment
from webapp.matches.telling import facts_of
from webapp.messages.letters import Letter
from webapp.mission_reports.models import Side

_CAME = {
    Side.EXPERT: _("%(expert)s has reported on the mission for “%(title)s”."),
    Side.REQUESTER: _("The requester has reported on the mission for “%(title)s”."),
}


def path_of(deployment: Deployment, side: Side | None = None) -> str:
    """Return the address of the reports on a mission, or of the form of one."""
    return f"/deployments/{deployment.id}/reports" + (f"/{side}" if side else "")


def days_of(deployment: Deployment) -> tuple[Words, ...]:
    """Return what a notice says below its text: the days of the mission."""
    return (Deferred(period_name, deployment.start, deployment.end),)


def tells_of_report(deployment: Deployment, side: Side) -> Letter:
    """Tell that a report has come."""
    facts = facts_of(deployment.match)
    return Letter(
        _("%(reference)s: a report on a mission") % {"reference": facts["reference"]},
        _CAME[side] % facts,
        path_of(deployment),
        days_of(deployment),
    )


def tells_of_replacing(deployment: Deployment) -> Letter:
    """Tell whoever has begun a report that somebody else writes it now."""
    facts = facts_of(deployment.match)
    return Letter(
        _("%(reference)s: somebody else writes the report") % {"reference": facts["reference"]},
        _(
            "Somebody else now writes the report on the mission for “%(title)s”. You had begun it:"
            " your draft was not sent, and has been replaced."
        )
        % facts,
        path_of(deployment),
        days_of(deployment),
    )


def gives_back(deployment: Deployment, side: Side) -> Letter:
    """Tell the writer of a report that it can be corrected."""
    facts = facts_of(deployment.match)
    return Letter(
        _("%(reference)s: your report can be corrected") % {"reference": facts["reference"]},
        _("Your report on the mission for “%(title)s” is open again. Please correct and send it.")
        % facts,
        path_of(deployment, side),
        days_of(deployment),
    )
