"""Common words are subjects of the field where the text is, and no score alone."""

from dataclasses import replace

import numpy as np
import pytest

from matcher import Expert, ExpertIndex, Request, default_thesaurus
from matcher.analysis import Analyzer
from matcher.language import is_common
from matcher.scoring import exact_scores
from matcher.store import Selection

ANALYZER = Analyzer(default_thesaurus())
SPECIALIST = (
    "Small arms control, ammunition surveillance, green border patrols, customs clearance, gender"
    " mainstreaming, police reform, prison inmates and staff"
)


def asked(title, description="", themes=()):
    passages = ANALYZER.request_passages(Request("r", title, description, themes=themes))
    return set[str]().union(*(passage.subjects() for passage in passages))


def ranked(request, *summaries):
    experts = [Expert(str(at), summary=summary) for at, summary in enumerate(summaries)]
    fillers = [Expert(f"f{n}", summary=f"Quartets and sonatas number {n}") for n in range(9)]
    return ExpertIndex([*experts, *fillers]), Request("r", title=request)


@pytest.mark.parametrize(
    ("word", "language", "common"),
    [
        *[("school", "en", True), ("flood", "en", True), ("firearm", "en", False)],
        *[("ecol", "fr", True), ("школ", "ru", True), ("балистическ", "ru", False)],
    ],
)
def test_the_list_tells_common_words_from_rarer_ones(word, language, common):
    assert is_common(word, language) is common


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("The flooded ponds need carp and feed before the winter comes", "with civil protection"),
        ("Everybody gets a good mark at the end of each year and nobody learns", "on firearms"),
        ("Les écoles ont besoin de poires et de pommes pour la saison", "sur les armes légères"),
        ("Тренер по плаванию нужен детям нашего города каждое утро", "и огнестрельное оружие"),
        ("Kuće i škole trebaju nova vrata i prozore prije zime", "a tu je i vatreno oružje"),
    ],
)
def test_a_common_word_is_a_subject_only_in_the_company_of_others(text, company):
    with_company = asked(f"{text}, {company}")
    assert asked(text) == set()
    assert len(with_company) > 0


@pytest.mark.parametrize("title", ["Prison", "Police and army", "Zatvor", "Судьи и полиция"])
def test_a_text_of_hardly_anything_else_is_of_the_field(title):
    assert asked(title)


def test_two_common_words_of_linked_subjects_support_each_other():
    # The courts and whom they sentence are linked, schools and the army are not.
    linked = "In the big old town people talk a lot about the prison and the {} these days"
    assert len(asked(linked.format("courts"))) > 0
    assert asked(linked.format("schools")) == set()


def test_a_theme_of_the_request_is_company_enough():
    text = "The marking of all these cups takes us a week of work each spring"
    assert asked(text, themes=("SALW-DATA",)) - asked("Ours", themes=("SALW-DATA",)) == {"c:G15"}


def test_an_entry_of_another_field_says_nothing_of_this_one():
    index, request = ranked(
        "Flooded villages: evacuation and search and rescue",
        "I flooded the ponds with fresh water and sold the carp at the market of our town",
        "Flooded streets, mudslides, evacuation of villages with the firefighters",
    )
    label = {t.concept for t in index.explain(request, "1").terms}
    assert "civil protection" in label
    assert not any(term.concept for term in index.explain(request, "0").terms)


def test_whoever_shares_nothing_but_common_words_is_not_ranked():
    index, request = ranked(
        "Support for stockpile security and ammunition surveillance in a small town house",
        "Stockpile security, propellant testing",
        "Support for a small house in the town, with a garden",
    )
    result = index.rank(request, 0)
    assert [match.expert_id for match in result.ranked] == ["0"]
    assert index.explain(request, "1").score == 0


def test_a_request_without_subjects_lives_on_common_words():
    index, request = ranked("A small house in the town", "A house in a small town", "Violins")
    assert [match.expert_id for match in index.rank(request, 0).ranked] == ["0"]


def test_common_words_are_told_in_one_row():
    index, request = ranked(
        "Support for stockpile security and ammunition surveillance in a small town house",
        "Stockpile security, propellant testing, support for a house in a town",
    )
    told = index.explain(request, "0").besides
    assert [sorted(term.asked.split(", ")) for term in told] == [["house", "town"]]


def test_bounds_know_who_shares_nothing_but_common_words():
    index, request = ranked(
        "Gender mainstreaming and stockpile security in a small town house",
        "Support for a small house in the town, with a garden",
        "Equality between women and men in the town house",
        "Equality between women and men",
        "Stockpile security",
    )
    read = index.asked(request)
    (part,) = read.snapshot.parts
    bounds = part.block.bounds(read.query.weights, read.snapshot.means, read.query.weak)
    whole = Selection.whole(part.block.profiles)
    scores = exact_scores(read.snapshot, read.query, whole)
    assert np.all((bounds > 0) == (scores > 0))
    positive = {i for i, score in zip(whole.ids, scores.tolist(), strict=True) if score > 0}
    # A broad subject and a common word together are more than either alone.
    assert positive == {"1", "3"}


def test_a_sense_that_english_has_a_common_word_for_is_no_score_alone():
    # The Russian word for an instructor is rare, the sense that it shares with teaching is not.
    index, request = ranked(
        "Инструктор кинологов на границе, поиск взрывчатки",
        "Sniffer dogs, explosives",
        "Midwife, I teach and train nurses",
    )
    assert [match.expert_id for match in index.rank(request, 0).ranked] == ["0"]


def test_words_that_say_nothing_are_no_score_alone_in_any_request():
    index, request = ranked(
        "Vineyards: support",
        "Vineyards in the hills above the lake",
        "Support of all kinds, help, advice",
    )
    assert [match.expert_id for match in index.rank(request, 0).ranked] == ["0"]


@pytest.mark.parametrize(
    ("request_", "summary"),
    [
        ("Border control and weapons", "Looked after the weapons of hunters in a mountain village"),
        ("Border control and weapons", "Stood at the border for nine years in rain and snow"),
        ("We need an expert on customs and small arms", "Collected customs from merchants of wine"),
        ("Prisons, police and schools", "Repaired the roofs of schools and of a swimming hall"),
        ("Gender equality and weapons", "Looked after the weapons of a museum of old things"),
        ("Contrôle des frontières et armes", "Gardait les armes du musée de la ville"),
        ("Пограничный контроль и оружие", "Следил за оружием в музее старого города"),
        ("Поліція та боєприпаси", "Дванадцять років возив листи для поліції району"),
        ("Controlul frontierei și arme", "Avea grijă de arme la muzeul orașului vechi"),
        ("Kontrolli kufitar dhe armët", "Ruante armët në muzeun e qytetit të vjetër"),
        ("Гранична контрола и оружје", "Чуваше оружје во музејот на стариот град"),
        ("Policija i municija", "Dvanaest godina nosio pisma za policiju u selu"),
    ],
)
def test_a_common_word_that_a_short_request_has_as_a_subject_is_a_score(request_, summary):
    index, request = ranked(request_, summary, SPECIALIST, "Violins and violas")
    assert "0" in {match.expert_id for match in index.rank(request, 0).ranked}


def test_a_common_word_beside_more_subjects_is_asked_for_like_them():
    index, request = ranked(
        "Border control, customs and boats",
        "Repaired boats for the fishermen on our lake",
        SPECIALIST,
        "Violins and violas",
    )
    assert "0" in {match.expert_id for match in index.rank(request, 0).ranked}


def test_in_a_long_request_a_common_word_is_no_score_though_it_is_a_subject():
    description = (
        "Since the spring floods the ministry has moved its depots into the hills, and the keepers"
        " of them ask for advice on propellant testing, on fences, lamps, locks and ladders, and"
        " on weapons."
    )
    index, request = ranked(
        "Ammunition surveillance and stockpile security",
        "Looked after the weapons of a museum of old things",
        "Propellant testing in many depots",
    )
    long = replace(request, description=description)
    assert [match.expert_id for match in index.rank(long, 0).ranked] == ["1"]
    titled = replace(long, title="Ammunition surveillance and weapons")
    assert {match.expert_id for match in index.rank(titled, 0).ranked} == {"0", "1"}
