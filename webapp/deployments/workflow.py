"""The workflow of a deployment: from the selection to the follow-up, or to one of its ends."""

from webapp.core.record.actions import Action
from webapp.core.record.reasons import COMMENT_ONLY, ReasonKind
from webapp.core.roles import Role
from webapp.core.words.translation import _
from webapp.core.workflows.workflow import TELLS_NOBODY, Mail, Recipient, Step, StepName, Workflow
from webapp.deployments import mails
from webapp.deployments.models import DeploymentState
from webapp.experts.identity_workflow import CALLED_OTHERWISE
from webapp.matches.answers import TERMS_AGREED

S, K = DeploymentState, ReasonKind
# The expert has not left yet.
AHEAD = frozenset({S.PLANNED, S.CLEARED})
# The expert is to leave, or away.
COMING = AHEAD | {S.DEPLOYED}
# The expert was there and is back; that remains so, whatever happens to the match.
OVER = frozenset({S.RETURNED, S.CURTAILED, S.REPORTED, S.FOLLOWED_UP})
# The expert has left: what was done, and on which days, stays as it was.
BEGUN = OVER | {S.DEPLOYED}
# Who has to act next. What is followed up, or cancelled, is done.
WAITS_FOR = dict.fromkeys(
    AHEAD | {S.DEPLOYED, S.RETURNED, S.CURTAILED, S.REPORTED}, Role.COORDINATOR
)
WHY_CURTAILED = (K.NEEDED_AT_HOME, K.NEED_GONE, K.NO_MEANS, K.SUPERIOR, K.PERSONAL, K.OTHER)


class DeploymentStep(StepName):
    """What happens to a deployment."""

    PLAN = "plan"
    PLAN_AGAIN = "plan again"
    CLEAR = "clear"
    CLEAR_REGARDLESS = "clear regardless"
    MOVE = "move"
    MOVE_END = "move the end"
    TERMS_CHANGE = "terms change"
    HOLD_BACK = "hold back"
    DEPART = "depart"
    RETURN = "return"
    CURTAIL = "curtail"
    REPORT = "report"
    REPORTS_COME = "reports come"
    FOLLOW_UP = "follow up"
    ANSWERS_COME = "answers come"
    CANCEL = "cancel"
    BREAK_OFF = "break off"


# What is noted once for all of a team who are as far: a letter speaks of the mission as a whole.
ONCE_FOR_TEAM = frozenset({DeploymentStep.REPORT, DeploymentStep.FOLLOW_UP})
_REPORTS_ARE_TOLD = "Both sides are told of each report that comes."


# The first follows from a selection that was taken back and made again.
_OPENED_AGAIN = frozenset({f"deployment: {DeploymentStep.PLAN_AGAIN}", Action.ITEM_REOPENED})

WORKFLOW = Workflow(
    "deployment",
    {
        DeploymentStep.PLAN: Step(
            sources=frozenset(),
            target=S.PLANNED,
            by=Role.REQUESTER,
            label=_("Plan the deployment"),
            story=_("the deployment of %(expert)s is in the calendar"),
            offered=False,
            open_to_requester=True,
            # The selection, of which it is a part, tells the expert.
            tells=(mails.GOES_INSTEAD,),
        ),
        # Somebody who had fallen out was taken up again, and selected once more.
        DeploymentStep.PLAN_AGAIN: Step(
            sources=frozenset({S.CANCELLED}),
            target=S.PLANNED,
            by=Role.REQUESTER,
            label=_("Plan the deployment again"),
            story=_("the deployment of %(expert)s is in the calendar again"),
            offered=False,
            open_to_requester=True,
            # The selection, of which it is a part, tells the expert.
            tells=(mails.GOES_INSTEAD,),
        ),
        DeploymentStep.CLEAR: Step(
            sources=frozenset({S.PLANNED}),
            target=S.CLEARED,
            by=Role.COORDINATOR,
            label=_("Clear for departure"),
            done=_("The mission of %(name)s is cleared, and all sides are told."),
            story=_("cleared the mission of %(expert)s"),
            open_to_requester=True,
            tells=mails.CLEARED,
            in_view_of=_OPENED_AGAIN,
        ),
        # Something compulsory is missing, and the mission can do without it.
        DeploymentStep.CLEAR_REGARDLESS: Step(
            sources=frozenset({S.PLANNED}),
            target=S.CLEARED,
            by=Role.COORDINATOR,
            label=_("Clear although something is missing"),
            done=_("The mission of %(name)s is cleared, and all sides are told."),
            story=_("cleared the mission of %(expert)s although something was missing"),
            needs_reason=frozenset({S.PLANNED}),
            reasons=COMMENT_ONLY,
            question=_("Why the mission can go without it"),
            hint=_("Such as: the insurance is promised by telephone. SEESAC alone reads it."),
            open_to_requester=True,
            tells=mails.CLEARED,
            in_view_of=_OPENED_AGAIN,
        ),
        # What was made ready was so for the former days, so the mission is cleared anew.
        DeploymentStep.MOVE: Step(
            sources=AHEAD,
            target=S.PLANNED,
            by=Role.COORDINATOR,
            label=_("Change the days"),
            story=_("changed the days of the mission of %(expert)s"),
            offered=False,
            has_page=True,
            open_to_requester=True,
            tells=mails.OTHER_DAYS,
        ),
        DeploymentStep.MOVE_END: Step(
            sources=frozenset({S.DEPLOYED}),
            target=S.DEPLOYED,
            by=Role.COORDINATOR,
            label=_("Change the last day"),
            story=_("changed the last day of the mission of %(expert)s"),
            offered=False,
            has_page=True,
            open_to_requester=True,
            tells=mails.OTHER_DAYS,
        ),
        # The expert was cleared for what was agreed before, and has consented to that alone. The
        # change of the terms, of which it is a part, tells its expert.
        DeploymentStep.TERMS_CHANGE: Step(
            sources=frozenset({S.CLEARED}),
            target=S.PLANNED,
            by=Role.COORDINATOR,
            label=_("Clear anew under other terms of reference"),
            story=_("the mission of %(expert)s is to be cleared anew under other terms"),
            offered=False,
            open_to_requester=True,
            tells=(mails.NOT_CLEARED_FOR_REQUESTER, mails.NOT_CLEARED_FOR_AUTHORITY),
        ),
        # The expert has taken back the consent to the risk, without which nobody is sent.
        DeploymentStep.HOLD_BACK: Step(
            sources=frozenset({S.CLEARED}),
            target=S.PLANNED,
            by=Role.EXPERT,
            label=_("Take the clearance back with the consent to the risk"),
            story=_("the mission of %(expert)s is not cleared any more, for the consent is open"),
            offered=False,
            open_to_requester=True,
            tells=(
                Mail(
                    Recipient.COORDINATORS,
                    _("%(reference)s: a consent was taken back"),
                    _(
                        "%(expert)s has taken back the consent to the risk of the mission for"
                        " “%(title)s”. It is not cleared any more: please talk to the expert."
                    ),
                ),
                mails.NOT_CLEARED_FOR_REQUESTER,
                mails.NOT_CLEARED_FOR_AUTHORITY,
            ),
        ),
        DeploymentStep.DEPART: Step(
            sources=frozenset({S.CLEARED}),
            target=S.DEPLOYED,
            by=Role.COORDINATOR,
            label=_("Note the departure"),
            done=_("%(name)s is on the mission now."),
            story=_("%(expert)s is on the mission"),
            open_to_requester=True,
            tells=(
                Mail(
                    Recipient.AUTHORITY,
                    _("%(reference)s: an official of yours is on a mission"),
                    _("%(expert)s has left for “%(title)s”."),
                ),
            ),
        ),
        DeploymentStep.RETURN: Step(
            sources=frozenset({S.DEPLOYED}),
            target=S.RETURNED,
            by=Role.COORDINATOR,
            label=_("Note the return"),
            done=_("%(name)s is back."),
            story=_("%(expert)s is back from the mission"),
            open_to_requester=True,
            tells=(
                Mail(
                    Recipient.EXPERT,
                    _("%(reference)s: thank you"),
                    _("Thank you for your mission for “%(title)s”. SEESAC asks you for a report."),
                ),
                # Told once, when the last of a team is back.
                Mail(
                    Recipient.REQUESTER,
                    _("%(reference)s: how was it?"),
                    _(
                        "All experts are back from “%(title)s”. SEESAC asks you for one report on"
                        " the mission."
                    ),
                ),
                Mail(
                    Recipient.AUTHORITY,
                    _("%(reference)s: an official of yours is back"),
                    _("%(expert)s is back from “%(title)s”."),
                ),
            ),
        ),
        DeploymentStep.CURTAIL: Step(
            sources=frozenset({S.DEPLOYED}),
            target=S.CURTAILED,
            by=Role.COORDINATOR,
            label=_("End the mission early"),
            done=_("The mission of %(name)s ends today, and all sides are told."),
            story=_("the mission of %(expert)s ended early"),
            needs_reason=frozenset({S.DEPLOYED}),
            reasons=WHY_CURTAILED,
            question=_("Why the mission ends early"),
            hint=_("The expert is told this reason; the others only that the mission has ended."),
            open_to_requester=True,
            tells=(
                Mail(
                    Recipient.EXPERT,
                    _("%(reference)s: your mission has ended early"),
                    _("Your mission for “%(title)s” has ended, and your further days are free."),
                    gives_reason=True,
                ),
                Mail(
                    Recipient.REQUESTER,
                    _("%(reference)s: a mission has ended early"),
                    _("The mission of %(expert)s for “%(title)s” has ended early."),
                ),
                mails.ENDED_FOR_AUTHORITY,
                mails.ENDED_FOR_TEAM,
            ),
            dangerous=True,
            insists=True,
        ),
        DeploymentStep.REPORT: Step(
            sources=frozenset({S.RETURNED, S.CURTAILED}),
            target=S.REPORTED,
            by=Role.COORDINATOR,
            label=_("Note that the reports have come"),
            done=_("It is noted that the reports on the mission of %(name)s have come."),
            story=_("the reports on the mission of %(expert)s have come"),
            open_to_requester=True,
            needs_reason=frozenset({S.RETURNED, S.CURTAILED}),
            reasons=COMMENT_ONLY,
            question=_("How the reports came"),
            hint=_(
                "Such as: by letter of 3 May, in the file of the mission. SEESAC alone reads it."
            ),
            tells=TELLS_NOBODY,
            silent_because="Those who have sent the reports know it.",
        ),
        # Both sides have written theirs on the platform.
        DeploymentStep.REPORTS_COME: Step(
            sources=frozenset({S.RETURNED, S.CURTAILED}),
            target=S.REPORTED,
            by=Role.COORDINATOR,
            label=_("Take the reports of both sides"),
            story=_("both reports on the mission of %(expert)s have come"),
            offered=False,
            open_to_requester=True,
            tells=TELLS_NOBODY,
            silent_because=_REPORTS_ARE_TOLD,
        ),
        DeploymentStep.FOLLOW_UP: Step(
            sources=frozenset({S.REPORTED}),
            target=S.FOLLOWED_UP,
            by=Role.COORDINATOR,
            label=_("Note the follow-up"),
            done=_("It is noted that the mission of %(name)s is followed up."),
            story=_("the mission of %(expert)s is followed up"),
            open_to_requester=True,
            tells=TELLS_NOBODY,
            silent_because="Those who were asked how it went on know it.",
        ),
        # The requester has answered the questions of the follow-up on the platform.
        DeploymentStep.ANSWERS_COME: Step(
            sources=frozenset({S.REPORTED}),
            target=S.FOLLOWED_UP,
            by=Role.COORDINATOR,
            label=_("Take the answers of the follow-up"),
            story=_("it is known what became of the mission of %(expert)s"),
            offered=False,
            open_to_requester=True,
            tells=TELLS_NOBODY,
            silent_because="Those who were asked how it went on know it.",
        ),
        # The end of the match, of which it is a part, tells the other sides. An authority is told
        # if it was told of the mission.
        DeploymentStep.CANCEL: Step(
            sources=AHEAD,
            target=S.CANCELLED,
            by=Role.COORDINATOR,
            label=_("Cancel the deployment"),
            story=_("the deployment of %(expert)s is cancelled"),
            offered=False,
            open_to_requester=True,
            needs_reason=AHEAD,
            tells=(
                Mail(
                    Recipient.AUTHORITY,
                    _("%(reference)s: the mission of an official of yours is cancelled"),
                    _("The mission of %(expert)s for “%(title)s” does not take place."),
                ),
                mails.GOES_NOT,
            ),
        ),
        # The request was withdrawn, or the expert left the roster, in the middle of the mission.
        # The end of the match tells the other sides.
        DeploymentStep.BREAK_OFF: Step(
            sources=frozenset({S.DEPLOYED}),
            target=S.CURTAILED,
            by=Role.COORDINATOR,
            label=_("Break off the mission"),
            story=_("the mission of %(expert)s is broken off"),
            offered=False,
            open_to_requester=True,
            needs_reason=frozenset({S.DEPLOYED}),
            tells=(mails.ENDED_FOR_AUTHORITY, mails.ENDED_FOR_TEAM),
        ),
    },
    in_view_of=TERMS_AGREED | CALLED_OTHERWISE,
)
