"""What people do in their browsers for a mission: from the request that is sent to the report."""

from collections.abc import Collection
from typing import Any

from tests.browser import steps

PAPER = {"name": "Paper.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 signed"}


def send(page: Any, title: str) -> None:
    """Send a draft that is complete."""
    _open_own(page, title)
    page.get_by_role("link", name="Send to SEESAC").click()
    page.get_by_role("button", name="Send to SEESAC").click()
    page.get_by_text("submitted").first.wait_for()


def withdraw(page: Any, title: str, kind: str) -> None:
    """Withdraw a request with a reason."""
    _open_own(page, title)
    steps.give_reason(page, "Withdraw the request", kind)
    page.get_by_text("withdrawn").first.wait_for()


def accept(page: Any, title: str) -> None:
    """Accept the terms of reference, and go on to the experts for the request."""
    open_request(page, title)
    page.get_by_role("button", name="Accept the terms of reference").click()
    page.get_by_role("link", name="Experts for this request").click()


def open_experts(page: Any, title: str) -> None:
    """Open the experts for a request."""
    open_request(page, title)
    page.get_by_role("link", name="Experts for this request").click()


def open_match(page: Any, title: str, name: str) -> None:
    """Open what became of an expert of the shortlist of a request."""
    open_experts(page, title)
    page.locator("#shortlist").get_by_role("link", name=name).click()


def shortlist(page: Any, *names: str) -> None:
    """Put experts on the shortlist, from the ranking."""
    for name in names:
        page.get_by_role("button", name=f"Shortlist {name}").click()
        steps.said(page, f"{name} is on the shortlist")


def find_team(page: Any, names: Collection[str], *, jurisdictions: int) -> None:
    """Put a team on the shortlist that is found together, from the ranking, and go back to that."""
    ranking = page.url
    page.get_by_role("link", name="Who would cover it together").click()
    page.get_by_text("What the team shall be like").click()
    page.get_by_label("Jurisdictions, at least").fill(str(jurisdictions))
    page.get_by_role("button", name="Find the team").click()
    page.get_by_role("link", name="Ask nothing of the team").wait_for()
    assert set(page.locator(".candidate h2 a").all_inner_texts()) == set(names)
    shortlist(page, *names)
    page.goto(ranking)


def invite(page: Any, name: str) -> None:
    """Invite somebody of the shortlist, from the ranking."""
    page.locator("#shortlist").get_by_role("link", name=name).click()
    page.get_by_role("button", name="Invite").click()
    steps.said(page, "is invited")


def invite_together(page: Any) -> None:
    """Invite all of the shortlist, from the ranking."""
    page.get_by_role("link", name="Invite several at once").click()
    page.get_by_role("button", name="Invite those who are ticked").click()
    steps.said(page, "Invited: ")


def approve(page: Any, title: str, name: str) -> None:
    """Approve somebody for whom nobody has to be asked, or who is released."""
    open_match(page, title, name)
    page.get_by_role("link", name="Approve").click()
    # The page is there when its button is: before, nothing is to be counted on it.
    page.get_by_role("button", name="Approve").wait_for()
    if page.get_by_label("Why the release").count():
        page.get_by_label("Why the release").select_option("no release needed")
    page.get_by_role("button", name="Approve").click()
    steps.said(page, "the days are booked")


def ask_for_release(page: Any, title: str, name: str) -> None:
    """Ask the authority of somebody who said yes."""
    open_match(page, title, name)
    page.get_by_role("button", name="Ask for the release").click()
    page.get_by_text("release asked").first.wait_for()


def release(page: Any, name: str, day: str) -> None:
    """Release an official by a letter of this day."""
    _open_release(page, name)
    page.get_by_label("Number of the letter").fill("5/31")
    page.get_by_label("Day of the letter").fill(day)
    page.get_by_label("The signed letter").set_input_files(PAPER)
    page.get_by_role("button", name="Release for this mission").click()
    steps.said(page, f"{name} is released")


def refuse_release(page: Any, name: str, kind: str) -> None:
    """Do not release an official."""
    _open_release(page, name)
    steps.give_reason(page, "Do not release", kind)
    steps.said(page, f"{name} is not released")


def close_unfilled(page: Any, title: str, kind: str) -> None:
    """Close a request for which nobody was found."""
    open_request(page, title)
    steps.give_reason(page, "Close without an expert", kind)
    page.get_by_text("unfilled").first.wait_for()


def open_request(page: Any, title: str) -> None:
    """Open a request as SEESAC does."""
    steps.open_menu(page, "Requests")
    page.get_by_role("link", name=title).first.click()


def open_mission(page: Any, title: str, name: str) -> None:
    """Open a mission from the calendar."""
    steps.open_menu(page, "Deployments")
    line = page.locator(".deployments li").filter(has_text=title).filter(has_text=name)
    line.get_by_role("link", name=name).first.click()
    page.get_by_role("heading", name=f"Mission of {name}").wait_for()


def see_to_everything(page: Any) -> None:
    """See to all that a mission cannot go without and that is this person's, from its page."""
    compulsory = page.locator("li.need", has_not=page.locator(".optional"))
    while (open_ones := compulsory.filter(has=page.locator(".btn"))).count():
        what = open_ones.first.locator(".need-what a").first.inner_text()
        open_ones.first.locator(".btn").click()
        _settle(page, what)


def _settle(page: Any, what: str) -> None:
    """Do what is asked for on the page of a thing, which for some is done by one press before."""
    done = page.get_by_role("status").filter(has_text=what)
    signing = page.get_by_role("button", name="Sign", exact=True)
    noting = page.get_by_role("button", name="Note that it is done")
    signing.or_(noting).or_(done).first.wait_for()
    if signing.count():
        page.get_by_label("I have read this, and I consent").check()
        signing.click()
        steps.said(page, "Your consent is signed")
    elif noting.count():
        noting.click()
        done.first.wait_for()


def take(page: Any, title: str, name: str, button: str, done: str) -> None:
    """Take a step with a mission that needs no reason."""
    open_mission(page, title, name)
    page.get_by_role("button", name=button).click()
    steps.said(page, done)


def curtail(page: Any, title: str, name: str, kind: str) -> None:
    """End a mission early."""
    open_mission(page, title, name)
    steps.give_reason(page, "End the mission early", kind)
    steps.said(page, "ends today")


def report(page: Any, title: str, name: str) -> None:
    """Write and send an expert's report on a mission."""
    _begin_report(page, title, name)
    page.locator("select#rating").select_option("4")
    page.locator("select#again").select_option("yes")
    _send_report(page)


def report_on(page: Any, title: str, *names: str) -> None:
    """Write and send the report of a requester on all who went, with a word on each."""
    _begin_report(page, title, names[0])
    for name in names:
        row = page.get_by_role("group", name=name)
        row.get_by_label("How useful the expert's help was").select_option("4")
        row.get_by_label("Would you ask for this expert again?").select_option("yes")
    _send_report(page)


def _begin_report(page: Any, title: str, name: str) -> None:
    open_mission(page, title, name)
    page.get_by_role("link", name="Reports on this mission").click()
    page.get_by_role("link", name="Write the report").click()
    for point in page.get_by_label("What was done (").all():
        point.fill("What the terms of reference ask for.")
    page.locator("input#women").fill("7")
    page.locator("input#men").fill("9")


def _send_report(page: Any) -> None:
    page.get_by_role("button", name="Save and check").click()
    page.get_by_role("button", name="Send the report").click()
    page.get_by_text("Sent on ").first.wait_for()


def follow_up(page: Any, title: str) -> None:
    """Say months after a mission what has become of it, as the list of one's requests asks for."""
    steps.open_menu(page, "My requests")
    asked = f"Say what has become of the mission for “{title}”"
    page.get_by_role("link", name=asked).first.click()
    page.get_by_label("What of it is in use now?").fill("A network of women in the police.")
    page.get_by_role("button", name="Send the answers").click()
    steps.said(page, "the mission is followed up")


def _open_own(page: Any, title: str) -> None:
    steps.open_menu(page, "My requests")
    page.get_by_role("link", name=title, exact=True).first.click()


def _open_release(page: Any, name: str) -> None:
    steps.open_menu(page, "My officials")
    page.get_by_role("link", name=name).first.click()
    page.get_by_role("heading", name=f"Release of {name}").wait_for()
