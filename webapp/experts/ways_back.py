"""How somebody who is not on the roster comes to be looked at again."""

from webapp.core.record.reasons import COMMENT_ONLY
from webapp.core.roles import Role
from webapp.core.words.translation import _
from webapp.core.workflows.workflow import Mail, Recipient, Step
from webapp.experts.models import ExpertState

S = ExpertState

TAKE_UP = Step(
    sources=frozenset({S.WITHDRAWN}),
    target=S.SCREENING,
    by=Role.COORDINATOR,
    label=_("Take up again"),
    done=_("The profile of %(name)s is being screened again."),
    story=_("took the profile up again"),
    tells=(
        Mail(
            Recipient.EXPERT,
            _("SEESAC looks at your profile again"),
            _("A coordinator has taken your profile up again. You are told the outcome."),
        ),
        Mail(
            Recipient.AUTHORITY,
            _("One of your officials is looked at again"),
            _("SEESAC has taken up the profile of %(expert)s again."),
        ),
    ),
)
# By a new consent, of those who have taken theirs back.
COME_BACK = Step(
    sources=frozenset({S.WITHDRAWN}),
    target=S.SCREENING,
    by=Role.EXPERT,
    label=_("Come back to the roster"),
    story=_("agreed anew, and came back to be looked at"),
    offered=False,
    has_page=True,
    tells=(
        Mail(
            Recipient.COORDINATORS,
            _("Somebody comes back to the roster"),
            _("%(expert)s has agreed to be on the roster again. Please look at the profile."),
        ),
        Mail(
            Recipient.AUTHORITY,
            _("One of your officials comes back to the roster"),
            _("%(expert)s has agreed anew, and SEESAC looks at the profile."),
        ),
    ),
)
# Of those whom SEESAC has not taken on, or has taken off, and not for good.
ASK_AGAIN = Step(
    sources=frozenset({S.WITHDRAWN}),
    target=S.SCREENING,
    by=Role.EXPERT,
    label=_("Ask to be looked at again"),
    done=_("SEESAC has been asked to look at your profile again, and tells you the outcome."),
    story=_("asked SEESAC to look at the profile again"),
    offered=False,
    has_page=True,
    needs_reason=frozenset({S.WITHDRAWN}),
    reasons=COMMENT_ONLY,
    question=_("What has changed since"),
    hint=_("SEESAC and your authority read it. Please nothing of health or family."),
    tells=(
        Mail(
            Recipient.COORDINATORS,
            _("An expert asks to be looked at again"),
            _(
                "%(expert)s, who is not on the roster, asks you to look at the profile"
                " again and to decide on it anew."
            ),
            gives_reason=True,
        ),
        Mail(
            Recipient.AUTHORITY,
            _("One of your officials asks to be looked at again"),
            _("%(expert)s has asked SEESAC to decide on the profile anew."),
            gives_reason=True,
        ),
    ),
)
