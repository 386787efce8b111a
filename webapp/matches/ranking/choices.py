"""What coordinators decide of the ranking of one request: which of its passages count, and what
beside the subject."""

from collections.abc import Set

from webapp.core.db import lock
from webapp.core.errors import ConflictError
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.expertise_requests import rules as request_rules
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.matches import queries, rules
from webapp.matches.models import CountedPassage, IgnoredConsideration
from webapp.matches.workflow import WORKFLOW, MatchStep


class DecidedMeanwhileError(ConflictError):
    """A colleague has decided on the same since the page was opened."""


def count_passage(work: UnitOfWork, request: ExpertiseRequest, digest: str) -> None:
    """Let a passage that is set aside count in the ranking of a request."""
    _check_ranks(work, request)
    if queries.find_counted_passage(work.session, request.id, digest) is None:
        work.session.add(CountedPassage(request_id=request.id, digest=digest))
        audit.record(work, Action.PASSAGE_COUNTED, request, request_id=request.id, digest=digest)


def set_passage_aside(work: UnitOfWork, request: ExpertiseRequest, digest: str) -> None:
    """Set a passage that was taken back aside again."""
    _check_ranks(work, request)
    counted = queries.find_counted_passage(work.session, request.id, digest)
    if counted is not None:
        work.session.delete(counted)
        audit.record(work, Action.PASSAGE_SET_ASIDE, request, request_id=request.id, digest=digest)


def ignore_considerations(
    work: UnitOfWork, request: ExpertiseRequest, names: Set[str], *, seen: Set[str]
) -> None:
    """Let what has these names not count in the ranking of a request, and all else count.

    `seen` are the names that did not count when somebody decided this. Raises
    DecidedMeanwhileError if a colleague has decided otherwise since: a page that is older must not
    undo that unseen.
    """
    _check_ranks(work, request)
    ignored = {
        row.name: row for row in queries.list_ignored_considerations(work.session, request.id)
    }
    if ignored.keys() == names:
        return
    if ignored.keys() != seen:
        raise DecidedMeanwhileError(
            _(
                "A colleague has changed in the meantime what counts for this request. The list is"
                " ranked by that; your own choice is kept."
            )
        )
    for name in ignored.keys() - names:
        work.session.delete(ignored[name])
    rows = [
        IgnoredConsideration(request_id=request.id, name=name)
        for name in sorted(names - ignored.keys())
    ]
    work.session.add_all(rows)
    told = ", ".join(sorted(names))
    audit.record(work, Action.CONSIDERATIONS_CHANGED, request, request_id=request.id, ignored=told)


def _check_ranks(work: UnitOfWork, request: ExpertiseRequest) -> None:
    WORKFLOW.check_person(MatchStep.SHORTLIST, work.actor, request_rules.owners_of(request))
    lock(work.session, request)
    if request.state not in rules.MATCHABLE:
        raise ConflictError(_("The ranking of a request that has ended stays as it is."))
