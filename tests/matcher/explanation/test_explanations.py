import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import Experience, Expert, ExpertIndex, Request, UnknownExpertError

WORDS = [
    *(
        "weapons",
        "marking.",
        "gender",
        "police\nPSSM",
        "mreža",
        "žena",
        "и",
        "оружје",
        "on",
        "the",
        "laser!",
    ),
]
texts = st.lists(
    st.sampled_from(WORDS),
    max_size=12,
).map(" ".join)


def check_sums(explanation):
    assert sum(term.contribution for term in explanation.shares) == pytest.approx(
        explanation.score, abs=1e-9
    )
    assert sum(entry.contribution for entry in explanation.entries) == pytest.approx(
        explanation.score, abs=1e-9
    )


def check_quotes(explanation, expert):
    written = "\n".join([expert.headline, expert.summary, *expert.training]) + "".join(
        f"\n{row.title}\n{row.description}" for row in expert.experience
    )
    # Nothing is marked in an entry that shares nothing but a broad subject.
    assert any(entry.highlights for entry in explanation.entries) or not explanation.terms
    for entry in explanation.entries:
        assert entry.text[entry.start : entry.end] == entry.sentence
        assert entry.kind == "theme" or entry.sentence in written
        ends = [0]
        for start, end in entry.highlights:
            assert ends[-1] <= start < end <= len(entry.sentence)
            ends.append(end)


@pytest.mark.long
def test_contributions_add_up_to_the_score_of_the_ranking(demo_index, demo_requests, demo_experts):
    experts = {expert.id: expert for expert in demo_experts}
    for request in demo_requests:
        for match in demo_index.rank(request, 0, constraints=False).ranked:
            explanation = demo_index.explain(request, match.expert_id)
            assert explanation.score == pytest.approx(match.score, abs=1e-9)
            check_sums(explanation)
            check_quotes(explanation, experts[match.expert_id])


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(texts, texts, st.lists(texts, max_size=3)), min_size=1, max_size=4), texts
)
def test_contributions_add_up_on_any_roster(rows, description):
    roster = [
        Expert(f"e{n}", headline=headline, summary=summary, training=tuple(training))
        for n, (headline, summary, training) in enumerate(rows)
    ]
    index = ExpertIndex(roster)
    request = Request("r", title="weapons marking", description=description, themes=("SALW-MTR",))
    scores = {match.expert_id: match.score for match in index.rank(request, 0).ranked}
    for expert in roster:
        explanation = index.explain(request, expert.id)
        check_sums(explanation)
        check_quotes(explanation, expert)
        if expert.id in scores:
            assert explanation.score == pytest.approx(scores[expert.id], abs=1e-9)


def test_a_sentence_with_nothing_to_mark_is_not_shown_where_another_has_something():
    """The broad subject of a theme weighs more here than the word of the title, and is no quote."""
    roster = [
        Expert("a", summary="weapons"),
        Expert("b", headline="weapons", summary="police\nPSSM"),
    ]
    request = Request("r", title="weapons marking", themes=("SALW-MTR",))
    (entry,) = ExpertIndex(roster).explain(request, "b").entries
    assert entry.sentence == "weapons"
    assert entry.highlights == ((0, 7),)


def test_words_are_shown_as_they_were_written_never_as_stems():
    expert = Expert(
        "a",
        headline="Chair of the women's network",
        summary="She rowed boats. She trained POLICEWOMEN in mentoring since 2010! Fine.",
    )
    request = Request("r", title="Mentored police women", description="and boating")
    explanation = ExpertIndex([expert]).explain(request, "a")
    by_asked = {term.asked: term.found for term in explanation.terms}
    assert by_asked["Mentored"] == "mentoring"
    # In a short request each of them is asked for.
    assert by_asked["police women"] == "POLICEWOMEN"
    assert by_asked["boating"] == "boats"


def test_the_sentence_shown_is_the_one_that_earned_most():
    expert = Expert("a", summary="Weapons are heavy. I mark weapons with a laser. I like boats.")
    entry = (
        ExpertIndex([expert])
        .explain(Request("r", title="laser marking of weapons"), "a")
        .entries[0]
    )
    assert entry.sentence == "I mark weapons with a laser."
    marked = [entry.sentence[start:end] for start, end in entry.highlights]
    assert marked == ["mark weapons", "laser"]


def test_a_concept_brings_two_languages_together_and_says_so():
    expert = Expert("a", summary="Radim na fizičkoj bezbednosti i upravljanju zalihama u vojsci.")
    explanation = ExpertIndex([expert]).explain(Request("r", title="PSSM course"), "a")
    term = explanation.terms[0]
    assert (term.asked, term.found) == ("PSSM", "fizičkoj bezbednosti i upravljanju zalihama")
    assert term.concept == "physical security and stockpile management"


def test_words_within_a_shared_concept_are_told_under_it():
    expert = Expert("a", summary="Responsible for stockpile security of the whole brigade.")
    explanation = ExpertIndex([expert]).explain(Request("r", title="stockpile security"), "a")
    assert [term.found for term in explanation.terms] == ["stockpile security"]
    assert explanation.terms[0].contribution == pytest.approx(explanation.score)


def test_a_subject_only_claimed_by_theme_is_shown_in_the_wording_of_the_theme():
    expert = Expert("a", summary="I keep violence statistics.", themes=("GEN-GBV",))
    request = Request("r", title="Violence against women and girls")
    term = ExpertIndex([expert]).explain(request, "a").terms[0]
    assert (term.concept, term.found) == ("violence against women and girls",) * 2


def test_what_the_profile_lacks_is_told_in_the_words_of_the_request():
    roster = [
        Expert("a", summary="Weapons marking with a laser machine"),
        Expert("b", summary="Brass band and banjo, ballistics"),
    ]
    request = Request("r", title="Marking and balistika", description="with banjo and unicorns")
    lacking = ExpertIndex(roster).explain(request, "a").lacking
    assert [(item.asked, item.concept) for item in lacking] == [
        ("balistika", "ballistics"),
        ("banjo", None),
    ]


@pytest.mark.parametrize(
    ("title", "themes", "told"),
    [
        # A common word, as verbs are, says nothing alone.
        ("Banjo. We lose women, and they leave.", (), ["Banjo"]),
        # What stands in the wording of a subject is told by it.
        ("End-user certificates; no user with a banjo", (), ["End-user certificates", "banjo"]),
        ("Voluntary surrender, then a surrender", (), ["Voluntary surrender"]),
        # Nobody has written the name of a theme.
        ("Banjo", ("SALW-PSSM",), ["physical security and stockpile management", "Banjo"]),
    ],
)
def test_what_is_lacking_is_told_once_and_in_words_that_say_something(title, themes, told):
    everything = (
        "Banjo. They lose the women who leave. Voluntary surrender of arms. End-user certificates"
        " of each user. Physical security and stockpile management."
    )
    roster = [Expert("a", summary="Choirs."), Expert("b", summary=everything)]
    lacking = ExpertIndex(roster).explain(Request("r", title=title, themes=themes), "a").lacking
    assert [item.asked for item in lacking if item.asked != "weapons"] == told


def test_explanations_of_strangers_are_empty_but_tell_what_is_lacking():
    index = ExpertIndex([Expert("a", summary="brass band"), Expert("b", summary="weapons")])
    explanation = index.explain(Request("r", title="weapons"), "a")
    assert (explanation.score, explanation.terms, explanation.entries) == (0, (), ())
    assert explanation.lacking


def test_a_ranking_explains_those_ranked_in_their_order(demo_index, demo_requests):
    request = demo_requests[0]
    result = demo_index.rank(request, 3)
    for match, explanation in zip(result.ranked, result.explanations, strict=True):
        assert explanation == demo_index.explain(request, match.expert_id)
        assert json.loads(json.dumps(explanation.to_dict()))["expert_id"] == match.expert_id


def test_top_terms_are_the_wordings_of_the_profile(demo_index):
    terms = demo_index.top_terms("A-E016", 8)
    assert len(terms) == 8
    assert [t.weight for t in terms] == sorted((t.weight for t in terms), reverse=True)
    assert "marking" in {term.concept for term in terms}
    assert all(term.found for term in terms)


def test_a_ranking_explains_itself_as_it_was_made(demo_experts, demo_requests):
    """Whoever was edited or removed after the ranking is still explained by what earned the
    place."""
    index = ExpertIndex(demo_experts)
    result = index.rank(demo_requests[0], 5, constraints=False)
    expected = [index.explain(demo_requests[0], match.expert_id) for match in result.ranked]
    for match in result.ranked:
        index.remove(match.expert_id)
    assert result.explain(match.expert_id for match in result.ranked) == expected
    with pytest.raises(UnknownExpertError):
        result.explain(["nobody"])


def test_what_a_card_shows_is_not_called_lacking():
    """The concept is another one, but the word asked for stands there, or one of its sense."""
    index = ExpertIndex(
        [
            Expert("word", summary="Marking of weapons, registers and lasers since 2010"),
            Expert("none", summary="Plays bagpipes and banjo in the guard regiment"),
        ]
    )
    request = Request("r", title="weapons", description="bagpipes, banjo")
    assert {lack.asked for lack in index.explain(request, "word").lacking} == {"bagpipes", "banjo"}
    assert "weapons" in [lack.asked for lack in index.explain(request, "none").lacking]


def test_what_the_same_words_of_a_profile_hold_is_told_once(
    demo_index, demo_requests, demo_experts
):
    for request in demo_requests:
        for explanation in demo_index.rank(request, 10).explanations:
            found = [term.found for term in explanation.shares]
            assert len(set(found)) == len(found)
    for expert in demo_experts:
        seen = set()
        rows = demo_index.top_terms(expert.id, 10_000)
        for row in sorted(rows, key=lambda row: row.concept is None):
            written = set(row.found.casefold().split(", "))
            assert row.concept is not None or not written <= seen, (expert.id, row.found)
            seen |= written


def test_counts_are_no_subjects():
    index = ExpertIndex([Expert("a", summary="25 visits with 12 officers on resolution 1325")])
    counted = index.explain(Request("r", title="25 people, 12 days"), "a").terms
    assert not [term.found for term in counted if term.found.isdigit()]
    told = index.explain(Request("r", title="Resolution 1325"), "a").terms
    assert any("1325" in term.found for term in told)


def test_words_that_say_nothing_are_no_reason_where_subjects_are_named():
    """Unless a request names hardly any subject: then nothing better is left."""
    index = ExpertIndex(
        [
            Expert("a", summary="Marking of weapons; destruction of ammunition"),
            Expert(
                "b", summary="Asked for three weeks of new work every year, in 2019 and in 2021"
            ),
        ]
    )
    asked = "We ask for weapons marking, ammunition destruction and border control"
    request = Request("r", title=asked, description="New work of some weeks of the year 2021")
    result = index.rank(request, 0)
    assert [match.expert_id for match in result.ranked] == ["a"]
    vague = Request("r", title="Whom to ask for work in the new year")
    assert [match.expert_id for match in index.rank(vague, 0).ranked] == ["b"]
    assert {term.found for term in index.top_terms("b")}.isdisjoint({"weeks", "year", "2019"})


def test_empty_words_count_within_the_name_of_a_subject():
    index = ExpertIndex([Expert("a", summary="Use of force"), Expert("b", summary="Gifts for all")])
    (term,) = index.explain(Request("r", title="use of force"), "a").terms
    assert (term.asked, term.concept) == ("use of force", "use of force")


def test_a_subject_that_only_a_claimed_theme_holds_is_told_as_claimed():
    index = ExpertIndex(
        [
            Expert("c", summary="Music and drums of the guard", themes=("SALW-PSSM",)),
            Expert("w", summary="Stockpile security", themes=("SALW-PSSM",)),
        ]
    )
    request = Request("r", title="stockpile security")
    told = {i: [term.claimed for term in index.explain(request, i).terms] for i in ("c", "w")}
    assert told == {"c": [True], "w": [False]}


def test_a_subject_whose_words_a_profile_has_apart_is_not_called_lacking():
    """A card quotes both words, in whatever language, and the filter by subject stays as strict."""
    request = Request("r", title="Legalizacija oružja")
    law = Expert("law", summary="Zakon o oružju. Rokovi za legalizaciju.")
    other = Expert("other", summary="Legalizacija oružja.")
    half = Expert("half", summary="Rokovi za legalizaciju.")
    index = ExpertIndex([law, other, half])
    subject = "surrender and illegal possession of weapons"
    lacking = {
        one: [item.concept for item in index.explain(request, one).lacking]
        for one in ("law", "other", "half")
    }
    assert lacking == {"law": [], "other": [], "half": [subject]}
    assert index.rank(request).having(index.explain(request, "half").lacking[0].concept_id) == {
        "other"
    }


def test_an_entry_bears_on_a_request_if_a_reason_stands_in_it():
    summary = "Marking of weapons with a laser, for years."
    rows = [Experience(title="Marking of pistols"), Experience(title="Five days in the hills")]
    others = [Expert(f"o{n}", summary="Days of rain, years of snow, hills.") for n in range(9)]
    index = ExpertIndex([Expert("a", summary=summary, experience=tuple(rows)), *others])
    told = index.rank(Request("r", title="Weapons marking, five days"), 1).explanations[0]
    assert {entry.title or entry.sentence: entry.bears for entry in told.entries} == {
        summary: True,
        "Marking of pistols": True,
        "Five days in the hills": False,
    }


def test_one_subject_is_one_reason(demo_index, demo_requests):
    """Training of trainers has narrower subjects, and whoever has both read it twice."""
    (request,) = [one for one in demo_requests if one.id == "A-R007"]
    for told in demo_index.rank(request, 10, constraints=False).explanations:
        names = [term.concept or term.asked for term in told.terms]
        assert len(set(names)) == len(names)


def test_a_misspelt_word_is_told_as_it_is_read() -> None:
    one = Expert("one", summary="Inspection of stores, accordions.")
    other = Expert("other", summary="Cooks.")
    asked = Request("r", title="Inspecton of acordions in stores")
    told = ExpertIndex([one, other]).explain(asked, "one").shares
    assert {"inspection", "accordions"} <= {share.asked.casefold() for share in told}
    lacking = ExpertIndex([one, other]).explain(asked, "other").lacking
    assert {gap.asked for gap in lacking} == {"accordions"}


def test_a_misspelt_word_with_an_apostrophe_is_told_as_it_is_read() -> None:
    one = Expert("one", summary="Розслідує комп'ютерні злочини.")
    told = ExpertIndex([one]).explain(Request("r", title="Комп'ютрені злочини"), "one").shares
    assert "комп'ютерні" in " ".join(share.asked.casefold() for share in told)


def test_who_attends_and_an_associate_are_no_reasons() -> None:
    """ "Associate" is no word of "association", and who attends a course tells nothing of it."""
    lawyer = Expert("lawyer", summary="Contract law associate, leases.")
    founder = Expert("founder", summary="Founded an association of beekeepers.")
    asked = Request("r", title="An association of beekeepers, certificates for attendees")
    index = ExpertIndex([lawyer, founder, Expert("third", summary="List of attendees.")])
    assert [match.expert_id for match in index.rank(asked).ranked] == ["founder"]
    told = index.explain(asked, "founder")
    assert "attendees" not in {gap.asked for gap in told.lacking}
    assert "association" in {share.asked for share in told.shares}
