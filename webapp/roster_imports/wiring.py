"""What the package adds to the application: its pages, and what must hold of imports."""

from flask import Flask

from webapp.core import in_reach, invariants
from webapp.core.record import personal_data
from webapp.roster_imports import queries
from webapp.roster_imports.invariants import tables_are_of_open_imports
from webapp.roster_imports.personal_data import forget_tables
from webapp.roster_imports.views import bp


def init_app(app: Flask) -> None:
    """Add the import of rosters to `app`."""
    app.register_blueprint(bp)
    in_reach.keep(app, bp, queries.refuse_to_send)
    invariants.keep(app, tables_are_of_open_imports)
    personal_data.erasing.connect(forget_tables)
