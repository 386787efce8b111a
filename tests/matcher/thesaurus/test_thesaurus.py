import pytest

from matcher import (
    Acronym,
    Concept,
    Expert,
    ExpertIndex,
    Request,
    Theme,
    ThesaurusError,
    ThesaurusTables,
    build_thesaurus,
    default_thesaurus,
    read_thesaurus,
)
from matcher.language.detection import guess_language
from matcher.language.tokens import LANGUAGES, tokenize
from matcher.thesaurus.matching import Context


def labels_in(text, thesaurus=None, record=None):
    thesaurus = thesaurus or default_thesaurus()
    language = guess_language(text)
    found = thesaurus.find(
        text,
        thesaurus.noted(tokenize(text, language), language),
        language,
        Context([record or text]),
    )
    return [(thesaurus.concepts[f.concept_id].label, text[f.start : f.end]) for f in found]


@pytest.mark.parametrize(
    "text",
    [
        "PSSM",
        "pssm course",
        "physical security and stockpile management",
        "They improved stockpile security there.",
        "fizička bezbednost i upravljanje zalihama",
        "Rad na fizickoj bezbednosti i upravljanju zalihama je naš posao.",
        "физичка безбедност и управљање залихама",
        "физичка безбедност и управување со залихи",
        "Нужна физическая безопасность и управление запасами.",
        "Потрібна фізична безпека та управління запасами",
        "securitatea fizică și gestionarea stocurilor",
        "siguria fizike dhe menaxhimi i rezervave",
        "la sécurité physique et la gestion des stocks",
    ],
)
def test_one_subject_is_found_in_every_language(text):
    assert "physical security and stockpile management" in [label for label, _ in labels_in(text)]


@pytest.mark.parametrize(
    ("list_of_two", "wording"),
    [
        ("searches, dogs and scanners", "searches dogs"),
        ("Guarding the border, police work", "border police"),
        ("Parliament, committee work", "Parliament committee"),
    ],
)
def test_two_things_of_a_list_are_no_wording(list_of_two, wording):
    assert wording in [found for _, found in labels_in(wording)]
    assert not any("," in found for _, found in labels_in(list_of_two))


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Women, peace and security", "women peace and security"),
        ("Make, model, calibre", "weapons identification"),
    ],
)
def test_a_longer_wording_may_hold_commas(text, subject):
    assert subject in [label for label, _ in labels_in(text)]


@pytest.mark.parametrize(
    "text",
    [
        "the network of women police officers",
        "I chair the women's network of our ministry",
        "a policewomen's network",
        "association of women in the police",
        "мрежа полицијских службеница",
    ],
)
def test_networks_of_women_in_the_police_are_one_subject(text):
    assert "women police network" in [label for label, _ in labels_in(text)]


def test_the_longest_wording_counts_and_nothing_within_it():
    assert labels_in("small arms and light weapons") == [
        ("small arms and light weapons", "small arms and light weapons")
    ]


def test_words_of_two_sentences_or_far_apart_make_no_wording():
    assert "gender adviser" not in [label for label, _ in labels_in("On gender. Advisers came.")]
    far = "gender, and since then I have been an adviser"
    assert "gender adviser" not in [label for label, _ in labels_in(far)]


def test_acronyms_that_are_words_need_their_case():
    assert labels_in("The hotel has a sea view and heat, no dna") == []
    assert ("DNA analysis", "DNA") in labels_in("a course on DNA")


@pytest.mark.parametrize("short", ["MoD", "MoI", "UAV"])
def test_short_forms_are_read_in_the_plural_whatever_letters_they_have(short):
    assert [label for label, _ in labels_in(f"experts of two {short}s")] == [
        label for label, _ in labels_in(f"experts of two {short}")
    ]
    assert labels_in(f"experts of two {short}")


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("metodologie de evaluare a riscurilor", "monitoring and evaluation"),
        ("evaluation of the risks", "monitoring and evaluation"),
        ("the unit issues permits for exports", "firearms licensing"),
    ],
)
def test_a_general_word_is_no_subject_of_the_field(text, subject):
    assert subject not in [label for label, _ in labels_in(text)]


@pytest.mark.parametrize(
    "text",
    [
        "evidence from phones",
        "des preuves tirées des téléphones",
        "доказательства с телефонов",
        "докази з телефонів",
        "probe din telefoane",
        "prova nga telefonat",
        "докази од телефони",
        "dokazi iz telefona",
    ],
)
def test_evidence_in_phones_is_one_subject_in_each_language(text):
    assert "phones and digital evidence" in [label for label, _ in labels_in(text)]


@pytest.mark.parametrize(
    ("acronym", "label", "context"),
    [
        ("GFP", "gender focal point", "gender equality"),
        ("NAP", "women peace and security", "resolution 1325"),
        ("NAP", "strategy and action plan", "small arms"),
        ("NFP", "SALW commission and coordination body", "SALW"),
        ("FFP", "firearms focal point", "ballistic hits"),
        ("HR", "human rights", "due diligence"),
    ],
)
def test_ambiguous_acronyms_need_their_context(acronym, label, context):
    text = f"{acronym} meeting"
    assert label not in [found for found, _ in labels_in(text)]
    assert (label, acronym) in labels_in(text, record=f"{text}\n{context}")


def test_the_two_plans_are_not_taken_for_each_other():
    found = [label for label, _ in labels_in("NAP on resolution 1325 for women")]
    assert "strategy and action plan" not in found


CONCEPT = Concept("X1", {"en": ("stockpile",)}, ("T",))
THEME = Theme("T", "theme")


@pytest.mark.parametrize(
    ("concepts", "acronyms", "themes", "words"),
    [
        ([CONCEPT, CONCEPT], [], [THEME], "X1 stands there twice"),
        ([CONCEPT], [], [THEME, THEME], "T stands there twice"),
        ([CONCEPT], [], [], "no theme T"),
        ([Concept("X1", {"fr": ("stock",)})], [], [], "no English label"),
        ([Concept("X1", {"en": ("a",), "tlh": ("b",)})], [], [], "unknown language tlh"),
        ([Concept("X1", {"en": ("a",)}, kind="thing")], [], [], "kind"),
        ([], [Acronym("ABC", ("X9",))], [], "no concept X9"),
        ([Concept("X1", {"en": ("a",)}, broader=("X9",))], [], [], "X1: no concept X9"),
        ([Concept("X1", {"en": ("a",)}, related=("X9",))], [], [], "X1: no concept X9"),
        ([Concept("X1", {"en": ("a",)}, related=("X1",))], [], [], "linked to itself"),
        (
            [
                Concept("X1", {"en": ("a",)}, broader=("X2",)),
                Concept("X2", {"en": ("b",)}, broader=("X3",)),
                Concept("X3", {"en": ("c",)}, broader=("X1",)),
            ],
            [],
            [],
            "broader concepts lead back",
        ),
        (
            [Concept("X1", {"en": ("a", "B c")}), Concept("X2", {"en": ("b C",)})],
            [],
            [],
            "X1 and X2: both have 'b C'",
        ),
        ([], [Acronym("&", ())], [], "one to three words"),
    ],
)
def test_contradictions_are_refused(concepts, acronyms, themes, words):
    with pytest.raises(ThesaurusError, match=words):
        build_thesaurus(concepts, acronyms, themes)


def test_faulty_files_are_refused_naming_file_and_line(tmp_path):
    with pytest.raises(ThesaurusError, match=r"themes\.tsv: cannot be read"):
        read_thesaurus(tmp_path)
    (tmp_path / "themes.tsv").write_text("code\tlabel_en\n", "utf-8")
    with pytest.raises(ThesaurusError, match=r"themes\.tsv, line 1"):
        read_thesaurus(tmp_path)
    (tmp_path / "themes.tsv").write_text("code\tlabel_en\tsynonyms\nA\tb\n", "utf-8")
    with pytest.raises(ThesaurusError, match=r"themes\.tsv, line 2: 3 columns"):
        read_thesaurus(tmp_path)


def test_families_are_the_broader_concepts_and_those_with_narrower_ones():
    thesaurus = build_thesaurus(
        [
            Concept("top", {"en": ("a",)}),
            Concept("middle", {"en": ("b",)}, broader=("top",)),
            Concept("leaf", {"en": ("c",)}, broader=("middle",), related=("alone",)),
            Concept("alone", {"en": ("d",)}),
        ],
        [],
        [],
    )
    assert dict(thesaurus.families) == {
        "top": ("top",),
        "middle": ("middle", "top"),
        "leaf": ("middle", "top"),
        "alone": (),
    }


def test_the_shipped_thesaurus_covers_every_theme_in_every_language():
    thesaurus = default_thesaurus()
    subjects = [c for c in thesaurus.concepts.values() if c.kind != "process"]
    assert len(thesaurus.concepts) >= 330
    assert [c.id for c in subjects if set(c.labels) != set(LANGUAGES)] == []
    covered = {code for concept in subjects for code in concept.themes}
    assert covered == set(thesaurus.themes)
    assert sum(bool(c.broader or c.related) for c in subjects) > 0.9 * len(subjects)


def test_digest_follows_the_content():
    one = build_thesaurus([CONCEPT], [], [THEME])
    same = build_thesaurus([Concept("X1", {"en": ("stockpile",)}, ("T",))], [], [THEME])
    other = build_thesaurus([CONCEPT], [Acronym("SP", ("X1",))], [THEME])
    assert one.digest == same.digest != other.digest


def test_every_subject_of_the_shipped_thesaurus_is_found_by_each_of_its_wordings():
    thesaurus = default_thesaurus()
    missed = [
        (concept.id, language, label)
        for concept in thesaurus.concepts.values()
        for language, labels in concept.labels.items()
        for label in labels
        if not any(
            f.concept_id == concept.id
            for f in thesaurus.find(
                label,
                thesaurus.noted(tokenize(label, language), language),
                language,
                Context([label]),
            )
        )
    ]
    assert missed == []


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Drugi dan je za vježbe u grupama.", "drug trafficking"),
        ("Visok nivo znanja je ono što želimo.", "surplus"),
        ("Работа только по вечерам, с учётом занятости.", "record keeping"),
        ("Слід також поговорити з мешканцями.", "securing the crime scene"),
        ("They inform us of informal information.", "handling of informants"),
        ("An integrated and integral system", "internal affairs"),
        ("L'armée et ses écoles", "firearm"),
        ("The course is on the internet, we learn by doing.", "online learning"),
        ("The customer contains nothing", "container control"),
    ],
)
def test_words_that_merely_look_alike_are_no_subject(text, label):
    assert label not in [found for found, _ in labels_in(text)]


def test_changes_take_the_place_of_rows_and_are_checked_with_them():
    shipped = ThesaurusTables([CONCEPT], [Acronym("SP", ("X1",))], [THEME])
    renamed = Concept("X1", {"en": ("armoury",)}, ("T",))
    added = Concept("X2", {"en": ("brass band",)})
    merged = shipped.merged(ThesaurusTables([renamed, added], [], []))
    thesaurus = build_thesaurus(*merged)
    assert {key: concept.label for key, concept in thesaurus.concepts.items()} == {
        "X1": "armoury",
        "X2": "brass band",
    }
    assert merged.acronyms == [Acronym("SP", ("X1",))]
    assert shipped.concepts == [CONCEPT]
    with pytest.raises(ThesaurusError, match="no theme"):
        build_thesaurus(
            *shipped.merged(ThesaurusTables([Concept("X3", added.labels, ("U",))], [], []))
        )


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("reforma upravljanja ljudskim resursima", "bcms"),
        ("kontrolli i kufirit", "sq"),
        ("firearms training", "en"),
        # What is misspelt stands in no wording, and the other word in a list of its language.
        ("policiers corompus", "fr"),
        ("PSSM", "en"),
        ("", "en"),
    ],
)
def test_a_few_words_are_in_the_language_whose_wordings_have_them(text, language):
    """No small word and no letter tells; the case endings need the right stemmer to be known."""
    assert default_thesaurus().likeliest_language(text) == language


def test_a_small_word_of_several_languages_does_not_decide_between_them():
    """The и and на of Macedonian are also Russian, Ukrainian, Bosnian and Serbian."""
    plan = Expert("plan", summary="Wrote the action plan on women, peace and security")
    request = Request("r", title="жени, мир и безбедност")
    assert [match.expert_id for match in ExpertIndex([plan]).rank(request).ranked] == ["plan"]


def test_a_request_of_a_few_words_finds_its_concept_in_another_case():
    staff = Expert("staff", summary="Human resources in the ministry: appraisal, careers")
    request = Request("r", title="Reforma upravljanja ljudskim resursima")
    assert [match.expert_id for match in ExpertIndex([staff]).rank(request).ranked] == ["staff"]


def test_of_a_long_text_the_beginning_tells_the_language():
    """All of it would be read in every language before anything else is done with it."""
    thesaurus = default_thesaurus()
    beginning = "kontrolli i kufirit " * 300
    assert thesaurus.likeliest_language(beginning) == "sq"
    assert thesaurus.likeliest_language(beginning + "weapon " * 5000) == "sq"


@pytest.mark.parametrize(
    ("asked", "profile"),
    [
        ("GFP", "Gender focal point of the ministry"),
        ("DV", "Domestic violence response"),
    ],
)
def test_a_short_form_alone_is_read_as_the_field_means_it(asked, profile):
    index = ExpertIndex([Expert("a", summary=profile), Expert("b", summary="Music and drums")])
    ranked = index.rank(Request("r", title=asked)).ranked
    assert [match.expert_id for match in ranked] == ["a"]
    music = Request("r", title=f"{asked} camera wanted for the film of the brass band")
    assert "a" not in {match.expert_id for match in index.rank(music).ranked}


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        *[("ATO", "ammunition"), ("ATO course for the ammunition depot", "ammunition")],
        *[("QD and the depots", "quantity distances"), ("QD", "quantity distances")],
        ("GFP network for women in the army", "gender focal point"),
        ("GFP projects on justice and corrections", "courts and the rule of law"),
        ("Air tasking orders (ATO) for fighter jets", None),
    ],
)
def test_short_forms_of_two_senses_are_told_by_their_context(text, subject):
    labels = [label for label, written in labels_in(text) if written in ("ATO", "QD", "GFP")]
    assert labels[:1] == ([subject] if subject else [])


def test_changes_leave_all_senses_of_a_short_form():
    both = [Acronym("SP", ("X1",)), Acronym("SP", ("X2",), context=("brass",))]
    merged = ThesaurusTables([CONCEPT], both, [THEME]).merged(ThesaurusTables([], [], []))
    assert merged.acronyms == both
