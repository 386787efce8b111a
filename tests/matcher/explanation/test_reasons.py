"""What stands among the reasons for a place, and what beside them."""

import pytest

from matcher import Expert, ExpertIndex, Request

# Careers that have nothing to do with one another: a roster in which a single word is rare.
CAREERS = (
    "Marking of firearms with laser engraving; weapons registers; tracing of seized pistols",
    "Women's networks in the police; mentoring of policewomen; gender action plans",
    "Demining of farm land; clearance of cluster munitions with dogs",
    "Community policing in villages; patrols on foot; dialogue with minorities",
    "Accounts of the garrison; the library of the barracks; ceremonies of the guard",
    "Radio sets and antennas; repair of signal vehicles; frequencies of the brigade",
    "Military hospital; surgery; evacuation of the wounded by helicopter",
    "Riding of horses; the stables of the palace; parades with the brass band",
    "Interpreting between French and Albanian; protocol of visits",
    "Cooking for a battalion; stores of food; hygiene of kitchens",
)
ASKED = Request(
    "r",
    title="Marking of firearms",
    description="We ask for laser marking, weapons registers, tracing. It begins in the library.",
)


def index_of(*more: Expert) -> ExpertIndex:
    careers = [Expert(f"e{n}", summary=career) for n, career in enumerate(CAREERS)]
    return ExpertIndex([*careers, *more])


@pytest.mark.parametrize(
    ("asked", "suits", "shares_a_word", "word"),
    [
        (ASKED, "e0", "e4", "library"),
        (
            Request(
                "r",
                title="Réseau de femmes dans la police",
                description="Mentorat de policières et plan d'action pour l'égalité.",
            ),
            "e1",
            "e3",
            "policing",
        ),
    ],
)
def test_who_shares_a_word_in_passing_has_no_reason(asked, suits, shares_a_word, word):
    index = index_of()
    assert index.explain(asked, suits).terms
    passing = index.explain(asked, shares_a_word)
    assert passing.terms == ()
    assert [share.found for share in passing.besides] == [word]
    assert sum(share.contribution for share in passing.shares) == pytest.approx(passing.score)


def test_a_word_of_a_claimed_theme_alone_is_no_reason():
    """The subject of a claimed theme is told as claimed; the words of its name are not."""
    index = index_of(Expert("c", summary="Music of the guard", themes=("GEN-POL-ASSOC",)))
    told = index.explain(Request("r", title="women in police, policewomen's networks"), "c")
    assert told.terms
    assert all(share.concept_id for share in told.terms if share.claimed)


def test_words_that_say_nothing_stand_beside_the_reasons():
    index = index_of(
        Expert("x", summary="Three weeks of tracing firearms every year, with laser marking"),
    )
    request = Request("r", title="Marking and tracing of firearms, border control, ammunition")
    wordy = Request("r", title=request.title, description="Some weeks of the coming year.")
    plain, told = index.explain(request, "x"), index.explain(wordy, "x")
    assert [share.term for share in told.terms] == [share.term for share in plain.terms]
    assert all("weeks" not in share.found for share in told.terms)
