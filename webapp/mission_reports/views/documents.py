"""Documents of a mission that is over, as PDF files in the reader's language."""

from flask import render_template
from werkzeug.wrappers import Response

from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.disclosure import SINGLE, shows
from webapp.core.errors import NotFoundError
from webapp.core.file_fields import attachment
from webapp.core.limits import Limit, limited
from webapp.core.pdf import make_pdf
from webapp.core.translation import _
from webapp.mission_reports import rules
from webapp.mission_reports.views import bp
from webapp.mission_reports.views.parts import REPORTS, mission_of

# Laying one out takes a second of a worker; nobody needs more in earnest.
DOCUMENTS = Limit("documents of missions", "20/hour")


@bp.post("/certificate")
@requires(Permission.DEPLOYMENT_READ)
@limited(DOCUMENTS)
@shows(REPORTS, SINGLE)
def certificate(deployment_id: int) -> Response:
    """Give the certificate of service: to the expert of the mission, and to SEESAC."""
    deployment = mission_of(deployment_id)
    if not rules.can_certify(actor(), deployment):
        raise NotFoundError(_("There is no certificate of such a mission for you."))
    page = render_template(
        "mission_reports/certificate.html",
        deployment=deployment,
        expert=deployment.match.expert,
        expertise_request=deployment.match.request,
        made_on=unit_of_work().now.date(),
    )
    return attachment(make_pdf(page), "application/pdf", "certificate.pdf")
