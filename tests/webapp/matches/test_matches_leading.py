"""Who has led counts where the work holds a reason for their place, and is told with it."""

import matcher
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Evidence, EvidenceKind, Expert
from webapp.matches.teams.leading import Leading, find_leading

REASON = matcher.TermShare("violins", "violins", "violins", None, None, 1.0)
BESIDE = matcher.TermShare("guests", "guests", "guests", None, None, 0.01)


def entry_of(row: Evidence) -> matcher.EntryShare:
    """Return a piece of evidence as an explanation has it."""
    text = f"{row.title}\n\n{row.description}"
    return matcher.EntryShare("experience", row.title, text, text, 0, len(text), (), 1.0)


def led(title: str, description: str) -> Evidence:
    """Return a piece of evidence with a role of leading."""
    return Evidence(
        kind=EvidenceKind.MISSION, title=title, description=description, role="Team leader",
        kept_out=False,
    )  # fmt: skip


def test_work_counts_that_holds_a_reason_and_not_what_is_shared_beside_it() -> None:
    school, bakery = led("School", "Carved violins."), led("Bakery", "Baked for guests.")
    expert = Expert(id=7, evidence=[bakery, school])
    told = matcher.Explanation(
        "7", 1.0, (REASON,), (entry_of(bakery), entry_of(school)), (), besides=(BESIDE,)
    )
    assert find_leading(ExpertiseRequest(), [expert], {"7": told}) == {"7": Leading([], [school])}
    # Nobody of whom nothing is known has led.
    assert find_leading(ExpertiseRequest(), [expert], {}) == {}


def test_work_without_a_year_is_told_by_its_role_alone() -> None:
    (said,) = Leading([], [led("School", "")]).in_words()
    assert str(said) == "Has led by their own word: School (Team leader)"
