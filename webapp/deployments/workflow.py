"""The workflow of a deployment: it begins with a selection and ends with it."""

from webapp.core.roles import Role
from webapp.core.translation import _
from webapp.core.workflow import TELLS_NOBODY, Step, StepName, Workflow
from webapp.deployments.models import DeploymentState

S = DeploymentState
# Who has to act next: nobody, until deployments have more steps.
WAITS_FOR: dict[DeploymentState, Role] = {}


class DeploymentStep(StepName):
    """What happens to a deployment."""

    PLAN = "plan"
    PLAN_AGAIN = "plan again"
    CANCEL = "cancel"


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
            tells=TELLS_NOBODY,
            silent_because="The selection, of which it is a part, tells the expert.",
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
            tells=TELLS_NOBODY,
            silent_because="The selection, of which it is a part, tells the expert.",
        ),
        DeploymentStep.CANCEL: Step(
            sources=frozenset({S.PLANNED}),
            target=S.CANCELLED,
            by=Role.COORDINATOR,
            label=_("Cancel the deployment"),
            story=_("the deployment of %(expert)s is cancelled"),
            offered=False,
            open_to_requester=True,
            needs_reason=frozenset({S.PLANNED}),
            tells=TELLS_NOBODY,
            silent_because="The match that ends, of which it is a part, tells all sides.",
        ),
    },
)
