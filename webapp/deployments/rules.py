"""What may happen to a deployment."""

from webapp.core.roles import Role
from webapp.core.workflow import Step
from webapp.deployments.models import DeploymentState

S = DeploymentState

STEPS: dict[str, Step[DeploymentState]] = {
    "cancel": Step(frozenset({S.PLANNED}), S.CANCELLED, Role.COORDINATOR, frozenset({S.PLANNED})),
}
