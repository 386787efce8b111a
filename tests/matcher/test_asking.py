"""Whoever asks politely for an expert asks for the same as who does not."""

import pytest

from matcher import Expert, ExpertIndex, Request

# How letters begin and ask, in the platform's languages, and a subject.
LETTERS = {
    "en": ("Dear colleagues,", "Please help, we need an expert.", "Marking of weapons."),
    "fr": ("Chers collègues,", "Nous demandons le soutien d'une experte.", "Marquage des armes."),
    "ru": ("Уважаемые коллеги!", "Просим эксперта. Заранее спасибо.", "Маркировка оружия."),
    "uk": ("Шановні колеги!", "Просимо експерта. Дякуємо.", "Маркування зброї."),
    "ro": ("Stimați colegi,", "Cerem sprijinul unui expert. Vă mulțumim.", "Marcarea armelor."),
    "sq": ("Të dashur kolegë,", "Kërkojmë një ekspert. Faleminderit.", "Markimi i armëve."),
    "mk": ("Почитувани колеги,", "Бараме експерт. Благодариме.", "Обележување на оружје."),
    "bcms": ("Poštovane kolege,", "Tražimo stručnjaka. Hvala unaprijed.", "Obilježavanje oružja."),
}


@pytest.fixture(scope="module")
def index():
    return ExpertIndex(
        [
            Expert("0", "Marking of weapons", "Expert. Asked for help by colleagues, with thanks."),
            Expert("1", "Expert", "An expert whose support is needed: dear to all, please ask."),
        ]
    )


def asked(index, *lines, title=""):
    return index.asked(Request("r", title, "\n\n".join(lines))).counts


@pytest.mark.parametrize("language", LETTERS)
def test_asking_and_courtesy_are_no_terms(index, language):
    salutation, asking, subject = LETTERS[language]
    plain = asked(index, subject)
    assert plain
    assert asked(index, salutation, subject) == plain
    assert asked(index, asking, subject) == plain
    assert asked(index, salutation, asking, subject) == plain


@pytest.mark.parametrize("language", LETTERS)
def test_a_salutation_is_shown_as_set_aside(index, language):
    salutation, _, subject = LETTERS[language]
    request = Request("r", "", f"{salutation}\n{subject}")
    assert [request.description[each.start : each.end] for each in index.asides(request)] == [
        salutation
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Dear prices of ammunition led to theft,",
        "Hello, we need a dog handler trainer for Osh!",
        "Dear colleagues, we need a forensic ballistics trainer,",
        "Dear colleagues. We need trainers,",
        "Здравствуйте, ищем эксперта по баллистике!",
        "Bună guvernanță în sectorul de securitate:",
        "Дороги, що заміновані,",
        "Hi-tech crime:",
        "Good day care for children of staff:",
    ],
)
def test_a_line_that_only_begins_so_is_read(index, line):
    assert index.asides(Request("r", "", f"{line}\nWeapons are marked.")) == ()


@pytest.mark.parametrize(
    "line",
    ["Good morning, dear all!", "Dear Mr. Kos,", "Hello!", "Добрый день, уважаемые коллеги!"],
)
def test_a_greeting_may_be_of_two_parts(index, line):
    (aside,) = index.asides(Request("r", "", f"{line}\nWeapons are marked."))
    assert (aside.start, aside.end) == (0, len(line))


def test_words_of_asking_count_in_names_of_subjects(index):
    terms = asked(index, "A panel of experts on sanctions, and victim support")
    assert "expert" in terms
    assert "support" in terms


def test_a_request_of_nothing_else_is_read(index):
    assert asked(index, "Experts needed", title="Expert")
    assert index.rank(Request("r", "Expert", "Expert needed"), constraints=False).ranked
