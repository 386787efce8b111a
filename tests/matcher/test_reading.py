"""Text as it arrives: what writing and copying do to it leaves the ranking equal."""

from __future__ import annotations

import random

import pytest

from matcher import ExpertIndex, Request
from matcher.errors import RecordError
from matcher.experiments.tuning.collection import read_collection
from matcher.explanation.analyzed_request import NOBODY_BELOW
from matcher.language import tokenize
from matcher.records.experts import Expert

DEMO = read_collection()
INDEX = ExpertIndex(DEMO.experts)


def scores(title, description=""):
    request = Request.from_dict({"id": "r", "title": title, "description": description})
    ranked = INDEX.rank(request, 0, constraints=False).ranked
    return {match.expert_id: match.score for match in ranked}


def terms(title):
    request = Request.from_dict({"id": "r", "title": title})
    passages = INDEX._analyzer.request_passages(request)
    return [found.term for passage in passages for found in passage.occurrences]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Pre-trial detention", "Pretrial detention"),
        ("De-mining of fields", "Demining of fields"),
        ("The soldier's pay", "The soldier pay"),
        ("b) weapons marking", "weapons marking"),
        ("i.e. marking of weapons", "marking of weapons"),
        ("border\nsecurity", "border security"),
        ("community\r\npolicing", "community policing"),
        ("ammu-\nnition", "ammunition"),
        ("cross-\nborder crime", "cross-border crime"),
        ("ammuni- tion", "ammunition"),
        ("gen\u00ad\nder training", "gender training"),
        ("K-9 unit", "K9 unit"),
        ("check-points", "checkpoints"),
        ("fire arms", "firearms"),
        ("C-IED", "CIED"),
        ("C-IEDs", "C-IED"),
        ("C\u2011IEDs", "CIED"),
        ("C-UASs", "C-UAS"),
        ("AK-47s", "AK-47"),
        ("M-16s", "M16"),
        ("SOP-s", "SOP"),
        ("M-16", "M16"),
        ("UNSCR1325", "UNSCR 1325"),
        ("anti-corruption", "anticorruption"),
        ("IEDs", "IED"),
        ("NGOs", "NGO"),
        ("C IED course", "C-IED course"),
        ("K 9 unit", "K9 unit"),
        ("E.O.D. team", "EOD team"),
        ("S.A.L.W. control", "SALW control"),
        ("T.o.T. course", "ToT course"),
        ("U.N peacekeeping", "UN peacekeeping"),
        ("U.X.O. CLEARANCE IN DEPOTS", "UXO clearance in depots"),
        ("Курс О.О.Н. для полиции", "Курс ООН для полиции"),
        ("stockpile_security", "stockpile security"),
        ("de mining of fields", "demining of fields"),
        ("co operation of ministries", "cooperation of ministries"),
        ("crossborder smuggling", "cross-border smuggling"),
        ("countertrafficking", "counter-trafficking"),
        ("nonlethal weapons", "non-lethal weapons"),
        ("TOT FOR INSTRUCTORS", "ToT for instructors"),
        ("MARKING OF WEAPPONS IN DEPOTS", "marking of weappons in depots"),
        ("w\u0435apons marking", "weapons marking"),
        ("збро\u0301я", "зброя"),
        ("зв\u2018язок", "зв'язок"),
        ("wea\u2060pons", "weapons"),
        ("wea\ufeffpons", "weapons"),
        ("weapons&#160;marking", "weapons marking"),
        ("weapons&amp;nbsp;marking", "weapons marking"),
    ],
)
def test_a_writing_is_read_as_what_is_meant(written, meant):
    assert scores(meant) or terms(meant)
    assert terms(written) == terms(meant)
    assert scores(written) == scores(meant)


@pytest.mark.parametrize("text", ["E.g. marking", "I.e. depots", "Annex A. Depots", "1.A Border"])
def test_letters_before_points_are_no_short_form_where_they_are_none(text):
    assert not {"eg", "ie", "adepots", "aborder"} & {token.folded for token in tokenize(text, "en")}


def test_each_paragraph_is_read_in_its_own_language():
    alone = scores("", "Potrebna nam je obuka za obilježavanje oružja i vođenje evidencije.")
    # Of several subjects the few who share no more than a common word are found no more.
    bearing = {expert_id for expert_id, score in alone.items() if score >= NOBODY_BELOW}
    both = scores(
        "",
        "The police of the region wish to work together and to learn from each other.\n\n"
        "Potrebna nam je obuka za obilježavanje oružja i vođenje evidencije.",
    )
    assert len(bearing) > 20
    assert bearing <= set(both)


FOREIGN = {
    "fr": "Le commandant a marqué des armes à feu et tenu le registre des armes pendant trois ans.",
    "ru": "Три года маркировал огнестрельное оружие и вёл реестр оружия.",
    "uk": "Три роки маркував вогнепальну зброю та вів реєстр зброї.",
    "ro": "A marcat arme de foc și a ținut registrul armelor timp de trei ani.",
    "sq": "Ka shënuar armë zjarri dhe ka mbajtur regjistrin e armëve për tre vjet.",
    "mk": "Три години обележуваше огнено оружје и го водеше регистарот на оружје.",
    "bcms": "Tri godine je obilježavao vatreno oružje i vodio registar oružja.",
}
ENGLISH = "An officer of the customs who searched lorries and containers at the port for ten years."


@pytest.fixture(scope="module")
def roster():
    """The index of some experts, to which others are added."""
    return ExpertIndex(DEMO.experts[:20])


@pytest.mark.parametrize("language", FOREIGN)
def test_a_profile_of_two_languages_ranks_as_each_of_them_alone(roster, language):
    told = FOREIGN[language]
    for asked, alone in (
        ("Marking of firearms and their register", told),
        ("Search of lorries", ENGLISH),
    ):
        first = place(roster, asked, alone)
        for both in (f"{ENGLISH}\n\n{told}", f"{told}\n\n{ENGLISH}"):
            assert abs(place(roster, asked, both) - first) <= 2


def place(index, asked, summary):
    """The place of a profile of one summary among the experts of an index."""
    index.update(Expert("new", summary=summary))
    ranked = index.rank(Request("r", title=asked), 0).ranked
    return [match.expert_id for match in ranked].index("new")


@pytest.mark.parametrize("request_", DEMO.judged, ids=lambda r: r.id)
def test_what_copying_does_to_a_request_leaves_its_ranking_equal(request_):
    dice = random.Random(request_.id)
    plain = scores(request_.title, request_.description)
    for change in (_soft_hyphens, _wrapped, _entities, _no_break):
        changed = scores(request_.title, change(request_.description, dice))
        assert changed == pytest.approx(plain), change.__name__


def _soft_hyphens(text, dice):
    return "".join(
        letter + "\u00ad" * (letter.isalpha() and after.isalpha() and dice.random() < 0.2)
        for letter, after in zip(text, (text + " ")[1:], strict=True)
    )


def _wrapped(text, dice):
    words = text.split(" ")
    # A line may end anywhere but where the next one would look like a list.
    return "".join(
        word + ("\n" if dice.random() < 0.2 and after[:1].isalpha() and after[1:2] != "." else " ")
        for word, after in zip(words, [*words[1:], ""], strict=True)
    ).rstrip()


def _entities(text, dice):
    return "".join(f"&#{ord(c)};" if not c.isascii() or c == "'" else c for c in text)


def _no_break(text, dice):
    return "".join("\u00a0" if c == " " and dice.random() < 0.3 else c for c in text)


def test_codes_of_other_standards_are_read_as_the_same_or_refused_by_name():
    row = {"id": "a", "languages": {"en-GB": "C2", "srp": "B1"}, "jurisdiction": "xk"}
    expert = Expert.from_dict(row)
    assert dict(expert.languages) == {"en": "C2", "sr": "B1"}
    assert expert.jurisdiction == "XKX"
    excluded = Request.from_dict({"id": "r", "excluded_jurisdictions": ["KOS", "XKX"]})
    assert excluded.excluded_jurisdictions == ("XKX",)
    with pytest.raises(RecordError, match="english"):
        Expert.from_dict({"id": "a", "languages": {"english": "C2"}})
