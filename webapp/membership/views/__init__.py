"""Pages of joining, of one's own account, and of those who keep the accounts."""

from flask import Blueprint

bp = Blueprint("membership", "webapp.membership", template_folder="templates")

# The modules put their views on the blueprint above, which therefore has to exist first.
from webapp.membership.views import (  # noqa: E402
    administration,
    deciding,
    forgotten,
    joining,
    own_account,
    second_factors,
)

__all__ = [
    "administration",
    "bp",
    "deciding",
    "forgotten",
    "joining",
    "own_account",
    "second_factors",
]
