"""What the package adds to the application: its pages, and what becomes of packs with a person."""

from flask import Flask

from webapp.core import in_reach
from webapp.core.record import audit, personal_data
from webapp.deployments import standing_queries
from webapp.mission_documents.personal_data import drop_packs, forget_packs
from webapp.mission_documents.rules import has_nomination, list_for_authority
from webapp.mission_documents.views import bp


def init_app(app: Flask) -> None:
    """Add the documents of missions to `app`."""
    app.register_blueprint(bp)
    in_reach.keep(app, bp, standing_queries.refuse_to_send)
    app.jinja_env.globals.update(
        has_nomination=has_nomination, documents_for_authority=list_for_authority
    )
    personal_data.erasing.connect(forget_packs)
    audit.recorded.connect(drop_packs)
