"""What the pages about requests say: what happens next, and the steps with their questions."""

from flask.sansio.app import App

from webapp.core.actions import Action
from webapp.expertise_requests import operations
from webapp.expertise_requests.models import RequestState

S = RequestState
UNTITLED = "Request without a title yet"

# What happens next, as the requester reads it.
NEXT = {
    S.DRAFT: "Finish the text and send it to SEESAC. Nobody else sees it before that.",
    S.SUBMITTED: "SEESAC reads it, and accepts it or asks for a correction.",
    S.RETURNED: "Correct what SEESAC asks for and send it again.",
    S.ACCEPTED: "SEESAC looks for experts on the roster.",
    S.MATCHING: "SEESAC asks experts and their authorities whether they can go.",
    S.PROPOSED: "Read about the experts proposed and choose.",
    S.CONFIRMED: "The experts you chose prepare to come; SEESAC closes the request then.",
    S.CLOSED: "Nothing more: the request has been answered.",
    S.DECLINED: "Nothing more: SEESAC cannot take the request on.",
    S.WITHDRAWN: "Nothing more: the request was withdrawn.",
    S.UNFILLED: "Nothing more: nobody was found for this request.",
}
WAITS_FOR_REQUESTER = frozenset({S.DRAFT, S.RETURNED, S.PROPOSED})
WAITS_FOR_OFFICE = frozenset({S.SUBMITTED, S.ACCEPTED, S.MATCHING, S.CONFIRMED})

# The steps with a page of their own come from other rooms, so only these are offered here.
ACTIONS = {
    "submit": Action("submit", "Send to SEESAC", operations.submit, "{reference} is sent."),
    "withdraw": Action(
        "withdraw",
        "Withdraw the request",
        operations.withdraw,
        "{reference} is withdrawn.",
        "Why you withdraw it",
        "SEESAC reads this, and experts who were already asked are told.",
    ),
    "accept": Action(
        "accept",
        "Accept the terms of reference",
        operations.accept,
        "The terms of reference of {reference} are accepted; experts can be matched now.",
    ),
    "return": Action(
        "return",
        "Return for correction",
        operations.send_back,
        "{reference} is returned, and the requester is told what to correct.",
        "What has to be corrected",
        "The requester reads this comment above the text.",
    ),
    "decline": Action(
        "decline",
        "Decline",
        operations.decline,
        "{reference} is declined, and the requester is told why.",
        "Why the request is declined",
        "The requester is told this reason.",
    ),
    "leave-unfilled": Action(
        "leave unfilled",
        "Close without an expert",
        operations.leave_unfilled,
        "{reference} is closed without an expert, and the requester is told why.",
        "Why nobody was found",
        "The requester is told this reason, and so are experts who were already asked.",
    ),
    "close": Action("close", "Close the request", operations.close, "{reference} is closed."),
}
# These judge the text, so they are refused if it changed since the page was loaded.
JUDGES_TEXT = frozenset({"submit", "accept", "return", "decline"})
DANGEROUS = frozenset({"withdraw", "decline", "leave-unfilled"})


def waits_for(state: RequestState) -> str:
    """Return who has to do something now: the requester, SEESAC, or nobody any more."""
    if state in WAITS_FOR_REQUESTER:
        return "the requester"
    return "SEESAC" if state in WAITS_FOR_OFFICE else ""


def init_app(app: App) -> None:
    """Give the templates of this room its words."""
    app.jinja_env.globals.update(
        next_step=NEXT.__getitem__,
        waits_for=waits_for,
        untitled_request=UNTITLED,
        dangerous_steps=DANGEROUS,
        judging_steps=JUDGES_TEXT,
    )
