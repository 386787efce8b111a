"""The workflow of a profile: from the nomination onto the roster, and off it."""

from webapp.core.record.actions import Action
from webapp.core.record.reasons import ReasonKind
from webapp.core.roles import Role
from webapp.core.words.translation import Message, _
from webapp.core.workflows.workflow import TELLS_NOBODY, Mail, Recipient, Step, StepName, Workflow
from webapp.experts import ways_back
from webapp.experts.identity_workflow import CALLED_OTHERWISE
from webapp.experts.models import ExpertState

S, K = ExpertState, ReasonKind
# Who has to act next: in the other states, nobody.
WAITS_FOR = {
    S.NOMINATED: Role.COORDINATOR,
    S.SCREENING: Role.COORDINATOR,
    S.DORMANT: Role.EXPERT,
    S.EXPIRED: Role.NOMINATING_AUTHORITY,
}

ON_ROSTER = frozenset({S.ACTIVE, S.DORMANT, S.SUSPENDED, S.EXPIRED})
VETTED_FIRST = frozenset({S.NOMINATED, S.SCREENING})
HOW_SAID = (K.BY_TELEPHONE, K.IN_WRITING, K.IN_PERSON, K.OTHER)


class ExpertStep(StepName):
    """What can be done with a profile as a whole."""

    START_SCREENING = "start screening"
    ACTIVATE = "activate"
    REFUSE = "refuse"
    TAKE_NOMINATION_BACK = "take the nomination back"
    SUSPEND = "suspend"
    REACTIVATE = "reactivate"
    LAPSE = "lapse"
    WAKE = "wake"
    NOTE_STILL_TRUE = "note that it is still true"
    EXPIRE = "expire"
    RENEW = "renew"
    LEAVE = "leave"
    TAKE_OFF = "take off the roster"
    TAKE_UP = "take up again"
    COME_BACK = "come back"
    ASK_AGAIN = "ask again"
    JOIN = "join with another profile"
    ERASE = "erase"


# What the platform does by itself when time has passed, or as a consequence of something else.
BY_ITSELF = frozenset({ExpertStep.LAPSE, ExpertStep.EXPIRE, ExpertStep.RENEW, ExpertStep.JOIN})


def _to_expert(subject: Message, text: Message, *, gives_reason: bool = False) -> Mail[ExpertState]:
    return Mail(Recipient.EXPERT, subject, text, gives_reason=gives_reason)


# Each names the expert in the notice alone.
_GONE = Mail[ExpertState](
    Recipient.COORDINATORS,
    _("A profile was withdrawn"),
    _("%(expert)s does not stand on the roster any more."),
    gives_reason=True,
)
_GONE_FOR_AUTHORITY = Mail[ExpertState](
    Recipient.AUTHORITY,
    _("One of your officials is not on the roster any more"),
    _("%(expert)s does not stand on the roster any more."),
    gives_reason=True,
)
_BACK = Mail[ExpertState](
    Recipient.COORDINATORS,
    _("A profile is active again"),
    _("%(expert)s is active on the roster again, and is ranked."),
)

WORKFLOW = Workflow(
    "expert",
    {
        ExpertStep.START_SCREENING: Step(
            sources=frozenset({S.NOMINATED}),
            target=S.SCREENING,
            by=Role.COORDINATOR,
            label=_("Start screening"),
            done=_("The profile of %(name)s is being screened now."),
            story=_("began to screen the profile"),
            tells=(
                _to_expert(
                    _("SEESAC looks at your profile"),
                    _(
                        "A coordinator has begun to screen your profile, and you are told what"
                        " comes of it. Please fill in every section, and agree to be on the roster."
                    ),
                ),
            ),
        ),
        ExpertStep.ACTIVATE: Step(
            sources=frozenset({S.SCREENING}),
            target=S.ACTIVE,
            by=Role.COORDINATOR,
            label=_("Activate"),
            done=_("%(name)s is active on the roster now."),
            story=_("activated the profile"),
            tells=(
                _to_expert(
                    _("Your profile is active"),
                    _(
                        "SEESAC has checked your profile. It is active on the roster now, and you"
                        " can be invited to missions."
                    ),
                ),
                Mail(
                    Recipient.AUTHORITY,
                    _("One of your officials is active on the roster"),
                    _("SEESAC has checked the profile of %(expert)s, which is active now."),
                ),
            ),
        ),
        ExpertStep.REFUSE: Step(
            sources=VETTED_FIRST,
            target=S.WITHDRAWN,
            by=Role.COORDINATOR,
            label=_("Do not take on"),
            done=_("%(name)s is not taken onto the roster."),
            story=_("did not take the profile onto the roster"),
            needs_reason=VETTED_FIRST,
            reasons=(K.SUBJECT, K.LANGUAGE, K.NOT_CONFIRMED, K.MISTAKE, K.FINAL, K.OTHER),
            question=_("Why the expert is not taken onto the roster"),
            hint=_(
                "The expert and the nominating authority are told this reason. The expert can mend"
                " the profile and ask again, unless you say that the decision is final."
            ),
            tells=(
                _to_expert(
                    _("You are not taken onto the roster"),
                    _(
                        "SEESAC has looked at your profile and does not take it onto the roster."
                        " What you can do about it stands in your profile."
                    ),
                    gives_reason=True,
                ),
                _GONE_FOR_AUTHORITY,
            ),
            dangerous=True,
        ),
        ExpertStep.TAKE_NOMINATION_BACK: Step(
            sources=VETTED_FIRST,
            target=S.WITHDRAWN,
            by=Role.NOMINATING_AUTHORITY,
            label=_("Take the nomination back"),
            done=_("The nomination of %(name)s is taken back."),
            story=_("took the nomination back"),
            needs_reason=VETTED_FIRST,
            reasons=(K.OWN_WISH, K.LEFT_SERVICE, K.NEEDED_AT_HOME, K.MISTAKE, K.OTHER),
            question=_("Why the nomination is taken back"),
            hint=_("SEESAC and the expert are told this reason."),
            tells=(
                _to_expert(
                    _("Your nomination is taken back"),
                    _("Your authority has taken your nomination for the roster back."),
                    gives_reason=True,
                ),
                _GONE,
            ),
            dangerous=True,
        ),
        ExpertStep.SUSPEND: Step(
            sources=frozenset({S.ACTIVE, S.DORMANT}),
            target=S.SUSPENDED,
            by=Role.COORDINATOR,
            label=_("Suspend"),
            done=_("%(name)s is suspended now, and not ranked."),
            story=_("suspended the profile"),
            needs_reason=frozenset({S.ACTIVE, S.DORMANT}),
            reasons=(K.OWN_WISH, K.LEFT_SERVICE, K.SUPERIOR, K.TO_BE_CHECKED, K.OTHER),
            question=_("Why the profile is suspended"),
            hint=_(
                "Kept in the record. Whatever the expert is considered for ends at once, missions"
                " to come as well, and requesters are told that somebody fell out, not why."
            ),
            tells=(
                _to_expert(
                    _("Your profile is suspended"),
                    _(
                        "You are not invited to missions for the time being. SEESAC answers your"
                        " questions about it."
                    ),
                ),
            ),
            dangerous=True,
            insists=True,
        ),
        ExpertStep.REACTIVATE: Step(
            sources=frozenset({S.SUSPENDED}),
            target=S.ACTIVE,
            by=Role.COORDINATOR,
            label=_("Reactivate"),
            done=_("%(name)s is active on the roster again."),
            story=_("reactivated the profile"),
            tells=(
                _to_expert(
                    _("Your profile is active again"),
                    _("You can be invited to missions again."),
                ),
            ),
        ),
        ExpertStep.LAPSE: Step(
            sources=frozenset({S.ACTIVE}),
            target=S.DORMANT,
            by=Role.COORDINATOR,
            label=_("Let the profile rest"),
            story=_("the profile became dormant, because it was not confirmed in time"),
            offered=False,
            tells=(
                _to_expert(
                    _("Your profile is dormant"),
                    _(
                        "Nobody has said for a long time that your profile is still true, so it is"
                        " not ranked for missions any more. One click on your profile brings it"
                        " back."
                    ),
                ),
            ),
        ),
        ExpertStep.WAKE: Step(
            sources=frozenset({S.DORMANT}),
            target=S.ACTIVE,
            by=Role.EXPERT,
            label=_("Everything is still true"),
            story=_("said that the profile is still true, and came back"),
            offered=False,
            tells=(_BACK,),
        ),
        # Not every expert signs in; what is said by telephone is noted with how it was said.
        ExpertStep.NOTE_STILL_TRUE: Step(
            sources=frozenset({S.ACTIVE, S.DORMANT}),
            target=S.ACTIVE,
            by=Role.COORDINATOR,
            label=_("Note that it is still true"),
            done=_("Noted: the profile of %(name)s is still true."),
            story=_("noted that the profile is still true"),
            needs_reason=frozenset({S.ACTIVE, S.DORMANT}),
            reasons=HOW_SAID,
            question=_("How the expert said that the profile is still true"),
            judges_text=True,
            tells=(
                _to_expert(
                    _("SEESAC has noted that your profile is still true"),
                    _("If that is not so, please mend your profile, or write to SEESAC."),
                ),
            ),
        ),
        ExpertStep.EXPIRE: Step(
            sources=frozenset({S.ACTIVE, S.DORMANT}),
            target=S.EXPIRED,
            by=Role.NOMINATING_AUTHORITY,
            label=_("Let the approval end"),
            story=_("the approval of the nominating authority ended"),
            offered=False,
            tells=(
                _to_expert(
                    _("Your authority's approval has ended"),
                    _(
                        "You are not ranked for missions until your nominating authority approves"
                        " you again. It has been told."
                    ),
                ),
                Mail(
                    Recipient.AUTHORITY,
                    _("An approval of one of your officials has ended"),
                    _(
                        "%(expert)s is not ranked for missions any more. Approve them again if they"
                        " may still be sent."
                    ),
                ),
                Mail(
                    Recipient.COORDINATORS,
                    _("An approval has ended"),
                    _("%(expert)s is not ranked any more, until the authority approves again."),
                ),
            ),
        ),
        ExpertStep.RENEW: Step(
            sources=frozenset({S.EXPIRED}),
            target=S.ACTIVE,
            by=Role.NOMINATING_AUTHORITY,
            label=_("Bring back by an approval"),
            story=_("came back, because no approval is lacking any more"),
            offered=False,
            tells=(
                _to_expert(
                    _("Your profile is active again"),
                    _("You can be invited to missions again."),
                ),
                _BACK,
            ),
        ),
        ExpertStep.LEAVE: Step(
            sources=VETTED_FIRST | ON_ROSTER,
            target=S.WITHDRAWN,
            by=Role.EXPERT,
            label=_("Leave the roster"),
            done=_("You are not on the roster any more."),
            story=_("left the roster, and withdrew the consent"),
            asks_first=VETTED_FIRST | ON_ROSTER,
            tells=(_GONE, _GONE_FOR_AUTHORITY),
            dangerous=True,
            insists=True,
        ),
        ExpertStep.TAKE_OFF: Step(
            sources=ON_ROSTER,
            target=S.WITHDRAWN,
            by=Role.COORDINATOR,
            label=_("Take off the roster"),
            done=_("%(name)s is not on the roster any more."),
            story=_("took the profile off the roster"),
            needs_reason=ON_ROSTER,
            reasons=(K.OWN_WISH, K.LEFT_SERVICE, K.NOT_CONFIRMED, K.MISTAKE, K.FINAL, K.OTHER),
            question=_("Why the profile is taken off the roster"),
            hint=_(
                "The expert and the authority are told. Whatever the expert is considered for ends"
                " at once, missions to come as well. The expert can ask to be looked at again,"
                " unless you say that the decision is final."
            ),
            tells=(
                _to_expert(
                    _("You are not on the roster any more"),
                    _(
                        "SEESAC has taken your profile off the roster. What you can do about it"
                        " stands in your profile."
                    ),
                    gives_reason=True,
                ),
                _GONE_FOR_AUTHORITY,
            ),
            dangerous=True,
            insists=True,
        ),
        ExpertStep.TAKE_UP: ways_back.TAKE_UP,
        ExpertStep.COME_BACK: ways_back.COME_BACK,
        ExpertStep.ASK_AGAIN: ways_back.ASK_AGAIN,
        ExpertStep.JOIN: Step(
            sources=frozenset(S) - {S.ERASED},
            target=S.ERASED,
            by=Role.COORDINATOR,
            label=_("Join with another profile"),
            story=_("the profile was joined with another one of the same person"),
            offered=False,
            has_page=True,
            tells=TELLS_NOBODY,
            silent_because="The profile that is kept tells all whom it concerns, once for both.",
        ),
        ExpertStep.ERASE: Step(
            sources=frozenset(S) - {S.ERASED},
            target=S.ERASED,
            by=Role.EXPERT,
            label=_("Erase"),
            story=_("was erased"),
            offered=False,
            tells=TELLS_NOBODY,
            silent_because="Nobody is left who could be told; whoever waited for the expert is told"
            " that they fell out.",
        ),
    },
    # Of two profiles that were joined it is another one that is decided on.
    in_view_of=frozenset({Action.PROFILES_JOINED}) | CALLED_OTHERWISE,
)
