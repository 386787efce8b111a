"""What the package adds to the application: its pages, and when made documents are deleted."""

from collections.abc import Sequence

from flask import Flask

from webapp.core import in_reach
from webapp.core.db import db
from webapp.core.record import audit, personal_data
from webapp.deployments import standing_queries
from webapp.deployments.models import Deployment
from webapp.mission_documents import queries
from webapp.mission_documents.models import DocumentKind
from webapp.mission_documents.personal_data import drop_documents, forget_documents
from webapp.mission_documents.rules import has_nomination
from webapp.mission_documents.views import bp


def _documents_for_authority(deployment: Deployment) -> Sequence[DocumentKind]:
    return queries.list_for_authority(db.session, deployment)


def init_app(app: Flask) -> None:
    """Add the documents of missions to `app`."""
    app.register_blueprint(bp)
    in_reach.keep(app, bp, standing_queries.refuse_to_send)
    app.jinja_env.globals.update(
        has_nomination=has_nomination, documents_for_authority=_documents_for_authority
    )
    personal_data.erasing.connect(forget_documents)
    audit.recorded.connect(drop_documents)
