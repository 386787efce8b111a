"""What people do on a telephone before the first request: join, and stand on the roster."""

import re
from typing import Any

from tests.browser import bishkek, steps

PHONE = {"width": 360, "height": 740}
PASSWORD = "maslina vrbas kajak 7"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}
# Notes each page that is wider than its screen, where a reader of the pages finds it afterwards.
NOTE_WIDTH = """
addEventListener("load", () => {
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth)
    localStorage.wide = `${localStorage.wide ?? ""} ${location.pathname}`;
});
"""


def wide_pages(page: Any) -> list[str]:
    """Return the pages of somebody's telephone that went beyond its screen."""
    return str(page.evaluate("localStorage.wide ?? ''")).split()


def join(page: Any, link: str, email: str) -> Any:
    """Join with a password, after one that is too short, and sign in with it."""
    page.goto(link)
    page.fill("#password", "short")
    page.click("button[value=password]")
    assert page.locator(".field-error").count()
    page.check("#consent")
    page.fill("#password", PASSWORD)
    page.click("button[value=password]")
    page.get_by_role("status").filter(has_text="Please sign in").wait_for()
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    page.locator(".signed-in-as").wait_for(state="attached")
    return page


def join_with_passkey(page: Any, link: str, _email: str) -> Any:
    """Join with a passkey of the telephone alone."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto(link)
    page.check("#consent")
    page.click("button[value=passkey]")
    page.fill("#name", "my telephone")
    page.click("text=Go on")
    # Whoever loses the telephone tomorrow has these.
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    page.click("text=I have kept them")
    page.wait_for_url("**/account/security")
    return page


def write_profile(page: Any) -> None:
    """Agree to be on the roster and fill in the profile, as the inspector would."""
    told = bishkek.EXPERT
    page.get_by_role("link", name="Begin my profile").click()
    page.locator("#consent").check()
    page.get_by_role("button", name="Agree, and begin my profile").click()

    _edit(page, "About you")
    page.locator("#post").fill(told["headline"])
    page.locator("#gender").select_option(told["gender"])
    page.locator("#summary").fill(told["summary"])
    page.locator("#max_days").fill(str(told["max_days"]))
    _save(page)

    _edit(page, "Themes")
    for number, theme in enumerate(told["themes"]):
        page.locator(f"#ranked-{number}-theme").select_option(theme)
    _save(page)

    for entry in told["experience"]:
        _edit(page, "Evidence of past work")
        page.locator("#kind").select_option("post held")
        page.locator("#title").fill(entry["title"])
        page.locator("#description").fill(entry["description"])
        page.locator("#jurisdiction").select_option(entry["country"])
        page.locator("#started").fill(entry["start"])
        page.locator("#ended").fill(entry.get("end", ""))
        _save(page)

    _edit(page, "Languages")
    for number, (language, level) in enumerate(told["languages"].items()):
        page.locator(f"#skills-{number}-language").select_option(language)
        page.locator(f"#skills-{number}-level").select_option(level)
    _save(page)
    page.get_by_role("button", name="Everything is still true").click()
    page.get_by_role("status").first.wait_for()


def _edit(page: Any, section: str) -> None:
    page.get_by_role("link", name=re.compile(f": {section}$")).click()


def _save(page: Any) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("heading", name="My profile").wait_for()


def vet(page: Any) -> None:
    """Find the new profile in the work queue, screen it and activate it."""
    steps.open_work(page, steps.NAME)
    page.get_by_role("button", name="Start screening").click()
    page.get_by_role("status").filter(has_text="is being screened").wait_for()
    page.get_by_role("button", name="Activate").click()
    page.get_by_role("status").filter(has_text="is active on the roster").wait_for()
