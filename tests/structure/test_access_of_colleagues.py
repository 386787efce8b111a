"""What a requester reaches of the requests of their organisation, on every address."""

from collections.abc import Callable

from flask import Flask

from tests import factories
from tests.databases import content
from tests.pages import Pages
from tests.structure.access_of_accounts import R
from tests.structure.test_access_matrix import PERSONAL, addresses


def test_a_colleague_reads_what_somebody_of_their_organisation_asked_for_and_changes_nothing(
    app: Flask, world: factories.World, visitor: Callable[[], Pages]
) -> None:
    """Taking the request over is the one thing that a colleague can do, with a reason."""
    pages = visitor().come_in(world.colleague)
    token = pages.own_token()
    before = content(app)
    reached = {
        "expertise_requests.show": {"GET": 200, "HEAD": 200},
        "expertise_requests.files": {"GET": 200, "HEAD": 200},
        "expertise_requests.file": {"GET": 200, "HEAD": 200},
        "expertise_requests.add_file": {"POST": 403},
        "expertise_requests.remove_file": {"POST": 403},
        "expertise_requests.check": {"GET": 302, "HEAD": 302},
        # Refused in words, with the text that was sent still on the page.
        "expertise_requests.save": {"POST": 409},
        # Asked for its reason, which does not help: the operation refuses what is not one's own.
        "expertise_requests.take_step": {"POST": 400},
        "expertise_requests.ask_to_take_over": {"GET": 200, "HEAD": 200},
        "expertise_requests.take_over": {"POST": 400},
        # A colleague reads what changes, and proposes and answers nothing.
        "amendments.versions": {"GET": 200, "HEAD": 200},
        "amendments.version": {"GET": 200, "HEAD": 200},
        "amendments.show": {"GET": 200, "HEAD": 200},
        "amendments.amend": {"GET": 403, "HEAD": 403, "POST": 403},
        "amendments.take_step": {"POST": 400},
    }
    wrong = []
    for address in addresses(app, world):
        if PERSONAL.get(address.endpoint) is not R:
            continue
        for method in sorted(address.methods & {"GET", "HEAD", "POST"}):
            data = {"csrf_token": token} if method == "POST" else None
            response = pages.client.open(address.url, method=method, data=data)
            fitting = reached.get(address.endpoint, {}).get(method, 404)
            if pages.check(address.url, response).status != fitting:
                wrong.append(f"{method} {address}: {response.status_code}, not {fitting}")
    assert not wrong, "\n".join(wrong)
    assert content(app) == before
