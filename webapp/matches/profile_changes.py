"""What matches make of it when an expert changes the profile."""

from webapp.core.record.disclosure import Named
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.formats import periods_name
from webapp.core.words.translation import Deferred, _
from webapp.experts.models import Expert
from webapp.matches import queries, quoting, rules
from webapp.matches.models import MatchState
from webapp.messages import operations as messages
from webapp.messages.letters import Letter


def tell_of_clashes(expert: Expert, *, work: UnitOfWork) -> None:
    """Tell the coordinators that an expert is not available on days booked for a mission."""
    for clash in queries.list_clashes(work.session, work.now.date(), expert.id):
        match = clash.match
        text = _(
            "%(expert)s is not available on days that are booked for “%(title)s”: %(days)s",
            expert=Named.of(match.expert),
            title=match.request.title,
            days=Deferred(periods_name, clash.periods),
        )
        subject = _("%(reference)s: an expert is not available", reference=match.request.reference)
        letter = Letter(subject, text, f"/matches/{match.id}")
        messages.tell_coordinators(work, letter, rules.owners_of(match.request, expert))


def forget_what_is_gone(expert: Expert, *, work: UnitOfWork) -> None:
    """Take what an expert has changed or removed out of what matches have quoted of the profile.

    Scores and places stay as they were seen, and so do the subjects.
    """
    written = [
        quoting.Written("summary", expert.post, expert.summary),
        *(quoting.Written("experience", row.title, row.description) for row in expert.evidence),
        *(quoting.Written("training", row.title) for row in expert.trainings),
    ]
    for match in queries.list_of_expert(work.session, expert.id, frozenset(MatchState)):
        match.explanation = quoting.as_written_now(match.explanation, written)
    work.session.flush()
