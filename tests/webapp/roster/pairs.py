"""Pairs of profiles that may be of one person, as the job worker seeks them and the long way."""

from flask import Flask
from sqlalchemy.orm import Session

from webapp.roster import duplicates, sweep
from webapp.roster.sketches import list_sketches


def seek(app: Flask) -> None:
    """Seek pairs as the job worker does each minute."""
    with app.app_context():
        sweep.seek_due()


def compare_everybody(session: Session) -> list[duplicates.Pair]:
    """Return the pairs of the whole roster, surest first, by comparing all who share a mark."""
    return duplicates.find_pairs(list_sketches(session), duplicates.list_different(session))
