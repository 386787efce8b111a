"""Files that belong to a request: the agenda of a conference, a law in force, a minister's letter.

Its requester and SEESAC add and remove them until the request has ended. Who reads the request
reads them, and invited experts those that are meant for them.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.actor import Actor
from webapp.core.db import lock
from webapp.core.errors import ConflictError, ForbiddenError, NotFoundError
from webapp.core.files.stored_files import FileContent, check_fits, still_there
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.expertise_requests import obstacles, rules
from webapp.expertise_requests.models import ExpertiseRequest, RequestFile

MOST = 5


def may_change(actor: Actor, request: ExpertiseRequest) -> bool:
    """Tell whether this person adds files to the request, and removes them, as it stands."""
    return request.state not in rules.ENDED and _is_of_a_side(actor, request)


def _is_of_a_side(actor: Actor, request: ExpertiseRequest) -> bool:
    return rules.is_requester(actor, request) or rules.reads_as_coordinator(actor, request)


def list_files(session: Session, request: ExpertiseRequest) -> Sequence[RequestFile]:
    """Return the files of a request, without their content."""
    rows = sa.select(RequestFile).where(RequestFile.request_id == request.id)
    return session.scalars(rows.order_by(RequestFile.id)).all()


def list_for_invited(
    session: Session, request: ExpertiseRequest, until: datetime | None
) -> list[RequestFile]:
    """Return the files that an invited expert reads; somebody who fell out at `until` reads none
    that was added later."""
    found = [file for file in list_files(session, request) if file.for_invited]
    return [file for file in found if until is None or file.added_at <= until]


def get(session: Session, request: ExpertiseRequest, file_id: int) -> RequestFile:
    """Return a file of a request; raises NotFoundError for one of another request."""
    return _find(list_files(session, request), file_id)


def get_for_invited(
    session: Session, request: ExpertiseRequest, file_id: int, until: datetime | None
) -> RequestFile:
    """Return a file that an invited expert reads, like `list_for_invited`; or NotFoundError."""
    return _find(list_for_invited(session, request, until), file_id)


def _find(files: Sequence[RequestFile], file_id: int) -> RequestFile:
    for file in files:
        if file.id == file_id:
            return file
    raise NotFoundError(_("There is no such file."))


def add(
    work: UnitOfWork, request: ExpertiseRequest, file: FileContent, *, for_invited: bool
) -> None:
    """Add a file; the very same once more, sent again, is one file."""
    _check(work, request)
    check_fits(list_files(work.session, request), file, MOST)
    row = RequestFile(
        request_id=request.id, for_invited=for_invited, added_at=work.now,
        added_by=work.actor.id, **file.columns(),
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    audit.record(work, Action.FILE_ADDED, request, request_id=request.id, file=row.id)


def remove(work: UnitOfWork, request: ExpertiseRequest, file_id: int) -> None:
    """Remove a file with its content. Raises DoneSinceError where there is none any more."""
    _check(work, request)
    work.session.delete(still_there(get, work.session, request, file_id))
    work.session.flush()
    audit.record(work, Action.FILE_REMOVED, request, request_id=request.id, file=file_id)


def _check(work: UnitOfWork, request: ExpertiseRequest) -> None:
    """Let one after the other change the files of a request, and only those who may."""
    lock(work.session, request)
    check_may_change(work.session, work.actor, request)


def check_may_change(session: Session, actor: Actor, request: ExpertiseRequest) -> None:
    """Refuse those who only read the files of the request, and everybody when it has ended."""
    if why := obstacles.why_colleagues(session, actor, request):
        raise ForbiddenError(why)
    if actor.id is None or not _is_of_a_side(actor, request):
        raise ForbiddenError(
            _("Its requester and SEESAC change the files of a request, until it has ended.")
        )
    # It may have ended since they opened the page.
    if request.state in rules.ENDED:
        raise ConflictError(_("The request has ended, and its files stay as they are."))
