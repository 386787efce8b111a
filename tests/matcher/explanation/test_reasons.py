"""What stands among the reasons for a place, and what beside them."""

from math import log1p

import pytest

from matcher import Expert, ExpertIndex, Request
from matcher.language import is_empty, tokenize

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


def told_of(request: Request, summary: str, *themes: str):
    return index_of(Expert("x", summary=summary, themes=themes)).explain(request, "x")


@pytest.mark.parametrize(
    ("by_the_way", "summary"),
    [
        ("soldiers see it", "Shoes of soldiers"),
        ("the borders are open", "Maps of borders"),
        ("for schools", "Bus drivers of schools"),
    ],
)
def test_subjects_named_by_common_words_need_a_better_score_than_others(by_the_way, summary):
    common = told_beside_nobody(by_the_way, summary, "Clearance of cluster munitions; mentoring")
    # Between the bounds of decision 58, where a subject that is named by itself is a reason.
    assert 0.1 < common.score / (1 + log1p(len(CAREERS) + 2)) < 0.15
    assert common.terms == ()
    assert [share.concept is not None for share in common.besides] == [True]
    assert told_beside_nobody(by_the_way, "Reports on the clearance of cluster munitions").terms


def asking_for_many(by_the_way, **limits):
    return Request(
        "r",
        title="Weapons and people",
        description="We ask for laser marking of firearms, registers, tracing of pistols, mentoring"
        " of policewomen, clearance of cluster munitions and dialogue with minorities;"
        f" {by_the_way}.",
        **limits,
    )


def told_beside_nobody(by_the_way, summary, *better):
    """What is told of somebody, where nobody else can go but some."""
    others = [
        Expert(f"e{n}", summary=career, jurisdiction="SRB") for n, career in enumerate(CAREERS)
    ]
    request = asking_for_many(by_the_way, excluded_jurisdictions=("SRB",))
    best = [Expert(f"b{n}", summary=career) for n, career in enumerate(better)]
    return ExpertIndex([*others, *best, Expert("x", summary=summary)]).explain(request, "x")


@pytest.mark.parametrize(
    ("by_the_way", "summary", "reason"),
    [
        ("cases end in court", "Interpreter at the court", []),
        ("the borders are open", "Maps of borders", ["borders"]),
    ],
)
def test_the_best_has_its_best_reason_but_where_nobody_fits(by_the_way, summary, reason):
    best = told_beside_nobody(by_the_way, summary)
    assert [share.found for share in best.terms] == reason
    assert any(entry.bears for entry in best.entries) is bool(reason)


def test_who_does_not_suit_for_sure_and_is_far_behind_the_best_has_no_reason():
    summary = "Reports on the clearance of cluster munitions"
    told = told_of(asking_for_many("soon"), summary)
    assert 0.1 < told.score / (1 + log1p(len(CAREERS) + 1)) < 0.15
    assert told.terms == ()
    assert [share.found for share in told.besides] == ["clearance of cluster munitions"]
    alone = told_beside_nobody("soon", summary)
    assert alone.score == told.score
    assert [share.found for share in alone.terms] == ["clearance of cluster munitions"]


@pytest.mark.parametrize(
    ("asked", "summary", "reasons"),
    [
        (
            "Sexual harassment and persons of trust",
            "Survey of sexual harassment; persons of trust in each battalion",
            {"sexual harassment", "persons of trust"},
        ),
        (
            "Juvenile justice; prosecutors",
            "Juvenile justice; prosecutors; indictments",
            {"minors and juvenile justice", "prosecution"},
        ),
        # The profile has something of it that nobody asked for.
        ("Ballistics; chain of custody", "Chain of custody; crime scene", {"chain of custody"}),
    ],
)
def test_a_broad_subject_is_no_reason_where_narrower_ones_are_asked_for(asked, summary, reasons):
    told = told_of(Request("r", title=asked), summary)
    assert {share.concept for share in told.terms} == reasons
    assert any(share.term.startswith("b:") for share in told.besides)
    assert sum(share.contribution for share in told.shares) == pytest.approx(told.score)


def test_a_broad_subject_that_is_asked_for_itself_is_a_reason():
    told = told_of(Request("r", title="arms control"), "Laser engraving of serial numbers")
    assert [share.concept for share in told.terms] == ["SALW control"]


def test_what_weightier_reasons_quote_on_both_sides_is_no_reason_of_its_own():
    request = Request("r", title="Gender focal points", description="A focal role in the army")
    told = told_of(request, "Gender focal points of the navy")
    assert [share.asked for share in told.terms] == ["Gender focal points"]
    assert [share.asked for share in told.besides] == ["focal"]
    # What the profile says elsewhere as well is quoted in its own right.
    twice = told_of(request, "Gender focal points of the navy. Focally trained.")
    assert [share.found for share in twice.besides] == []


def test_what_was_asked_in_other_words_is_a_reason_of_its_own():
    request = Request("r", title="Gendarmerie's mine clearance; women police officers")
    told = told_of(request, "Women police officers; demining")
    assert "mine clearance" in [share.asked for share in told.terms]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Demining for the police", "Demining; a policeman"),
        ("Размінування для поліції", "Розмінування; поліція"),
        ("Deminiranje za vojsku", "Deminiranje; vojnik"),
    ],
)
def test_the_service_in_which_most_are_is_no_reason_beside_a_weightier_one(asked, found):
    told = told_of(Request("r", title=asked), found)
    assert len(told.terms) == 1
    assert told.besides


def test_the_service_alone_is_a_reason():
    told = told_of(Request("r", title="Gendarmerie"), "Gendarmerie of the palace")
    assert [share.concept for share in told.terms] == ["police"]


def test_what_adds_next_to_nothing_is_no_reason():
    asked = "horses, antennas, surgery, demining, mentoring, hygiene, kitchens"
    everybody = [Expert(f"b{n}", summary="Farriers of the brigade") for n in range(60)]
    index = index_of(*everybody, Expert("x", summary=f"{asked}. A farrier."))
    told = index.explain(Request("r", title=f"{asked} and a farrier"), "x")
    assert "farrier" in {share.found for share in told.besides}
    assert sum(share.contribution for share in told.shares) == pytest.approx(told.score)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("An adviser of the service is wanted", "Adviser to the service"),
        ("Tražimo savjetnika koji bi bio u našoj službi", "Savjetnica u službi"),
        ("Conseillère du service", "Conseiller du service"),
        ("Радник служби", "Радниця служби"),
    ],
)
def test_who_is_wanted_and_by_which_office_is_no_reason(asked: str, found: str) -> None:
    request = Request(
        "r",
        title="Marking of firearms, weapons registers, demining",
        description=f"{asked}.",
    )
    index = index_of(Expert("x", headline=found, summary="Marking of firearms; demining"))
    told = index.explain(request, "x")
    words = {word.strip(".,").casefold() for word in found.split()}
    assert told.terms
    assert not any(words & set(share.found.casefold().split(", ")) for share in told.terms)


@pytest.mark.parametrize(
    ("aside", "found"),
    [
        ("Twelve of them, in three directorates", "Twelve books in the directorate"),
        ("The town has 8,000 trees", "Planted 3,000 of them"),
    ],
)
def test_numbers_and_offices_are_no_reasons(aside: str, found: str) -> None:
    request = Request("r", title="Marking of firearms, registers, demining", description=aside)
    told = index_of(Expert("x", summary=f"Marking of firearms; demining. {found}")).explain(
        request, "x"
    )
    words = {word.strip(".,").casefold() for word in found.split()} | {"000"}
    assert told.terms
    assert not any(words & set(share.found.casefold().split(", ")) for share in told.terms)


def test_what_belongs_to_a_broad_subject_only_is_not_answered_by_a_narrow_one():
    """Coordination with donors is a part of arms control, as the collection of weapons is."""
    asked = Request("r", title="Donors; weapons collection; marking of weapons")
    told = told_of(asked, "Reporting to donors")
    donors = next(share for share in told.shares if share.concept == "donors and fundraising")
    assert donors.asked == "Donors"
    assert sum(share.contribution for share in told.shares) == pytest.approx(told.score)


@pytest.mark.parametrize(
    ("asked", "summary", "same"),
    [
        ("hunters, demining", "Focus groups with hunters", True),
        ("hunters, demining", "Talks with a hunter", True),
        ("hunting guns, demining", "Talks with hunters", False),
        ("жертви торгівлі людьми", "жертви торгівлі людьми", False),
    ],
)
def test_what_both_say_in_the_same_english_words_is_told_apart(asked, summary, same):
    told = told_of(Request("r", title=asked), summary)
    named = [share for share in told.shares if share.concept is not None]
    assert [share.same_words for share in named] == [same] * len(named)
    assert named


def test_only_what_may_be_a_reason_is_marked_in_a_sentence():
    """Thefts are investigated as smuggling is, and nobody asks for them."""
    expert = Expert("x", summary="Investigator of smuggling.", training=("Pickpocket squad",))
    request = Request("r", title="Investigators of smuggling; controlled purchase")
    told = index_of(expert).explain(request, "x")
    marked = {e.sentence: [e.sentence[a:b] for a, b in e.highlights] for e in told.entries}
    assert marked["Pickpocket squad"] == []
    assert marked["Investigator of smuggling."]
    assert any("Pickpocket" in share.found for share in told.besides)


def test_a_reason_quotes_no_other_parts_of_its_broad_subject():
    told = told_of(Request("r", title="sniffer dogs"), "Sniffer dogs. Container control at a port.")
    (dogs,) = (share for share in told.shares if share.concept == "service dogs")
    assert dogs.found == "Sniffer dogs"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "twelve thousand directorate ministry themselves kilometres"),
        ("fr", "douze mille ministère même"),
        ("ru", "двенадцать тысяча министерство потом"),
        ("bcms", "dvanaest hiljada ministarstvo isto"),
        ("sq", "dhjetë mijë ministri"),
    ],
)
def test_numbers_offices_and_small_words_say_nothing_in_any_language(
    language: str, words: str
) -> None:
    terms = [token.term for token in tokenize(words, language)]
    assert [term for term in terms if term and not is_empty(term, language)] == []


def test_a_word_of_an_asked_themes_name_alone_is_no_reason():
    expert = Expert("x", summary="Marking of firearms. Illicit goods are what I investigate.")
    request = Request("r", title="Marking of firearms", themes=("SALW-TRF",))
    told = index_of(expert).explain(request, "x")
    besides = {share.found: share.own for share in told.besides}
    assert "Illicit" in besides
    assert not besides["Illicit"]
    assert all(share.own or share.concept for share in told.terms)
    request = Request("r", title="Marking of firearms", description="Who knows illicit goods?")
    assert "Illicit" in {share.found for share in index_of(expert).explain(request, "x").terms}


def test_words_in_another_order_are_told_under_the_subject_that_quotes_them():
    expert = Expert("x", summary="Linja për predha artilerie; shitja e tunxhit.")
    request = Request("r", title="Artillery shells", description="What can be sold of the brass?")
    told = index_of(expert).explain(request, "x").terms
    assert [term.concept for term in told if "predha" in term.found] == [
        "shells, grenades and cartridges"
    ]
