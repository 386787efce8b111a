"""Every catalogue has each text of the code, nothing else, and nothing unfinished.

`make translations` brings the catalogues up to the code and then shows what these tests say.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from webapp.core.words.language import FOLDER, SOURCE_LANGUAGE, languages

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = [language for language in languages() if language != SOURCE_LANGUAGE]
# The options of the extraction stand in setup.cfg, where `make translations` finds them too.
EXTRACT = "import setuptools; setuptools.setup()"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%(?!\()")
# In Russian a day ends in "г.", and a second full stop after it is a slip.
DAY_AND_STOP = re.compile(r"%\((?:day|days|period|periods|start|end)\)s\.")
# One person is addressed as "вы", with a capital only where a sentence begins.
CAPITAL_WITHIN = re.compile(r"[\w,;:—] (?:Вы|Вас|Вам|Вами|Ваш\w*)\b")
# Whoever asks for experts is called by one word.
REQUESTER = re.compile(r"[Зз]аказчик|[Зз]апрашивающ\w+ сторон|[Зз]апросивш")
# What pages call a deployment or a mission has one word; the release of an official has another.
MISSION = re.compile(r"[Кк]омандиров(?:к|ок)")
SLIPS = (DAY_AND_STOP, CAPITAL_WITHIN, REQUESTER, MISSION)


@pytest.fixture(scope="module")
def in_code(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Return the texts that are marked in the code, as `make translations` finds them."""
    found = tmp_path_factory.mktemp("texts") / "messages.pot"
    command = [sys.executable, "-c", EXTRACT, "--quiet", "extract_messages", f"-o{found}"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with found.open("rb") as file:
        return read_po(file)


@pytest.fixture(params=LANGUAGES)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    """Return the catalogue of a language."""
    with (FOLDER / request.param / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=request.param)


def texts(catalogue: Catalog) -> dict[tuple[str | None, str], Message]:
    """Return the texts of a catalogue by their context and English words."""
    return {(m.context, _forms(m.id)[0]): m for m in catalogue if m.id}


def _forms(said: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [said] if isinstance(said, str) else [form or "" for form in said or ()]


def missing(code: Catalog, catalogue: Catalog) -> list[str]:
    """Return the texts of the code that a catalogue has not, or not in all their forms."""
    known = texts(catalogue)
    return [
        key[1]
        for key, message in texts(code).items()
        if key not in known
        or len(_forms(known[key].id)) != len(_forms(message.id))
        or not all(_forms(known[key].string))
    ]


def placeholders(text: str) -> list[str]:
    """Return what is filled in or written out when `text` is put into words."""
    return sorted(set(PLACEHOLDER.findall(text)))


def differing(catalogue: Catalog) -> list[str]:
    """Return the texts whose translation has not the placeholders of the English words."""
    found = []
    for message in texts(catalogue).values():
        # What the singular leaves out, such as a number that is always one, may be left out again.
        needed = {name for text in _forms(message.id) for name in placeholders(text)}
        plural = len(_forms(message.id)) > 1
        for form in filter(None, _forms(message.string)):
            given = set(placeholders(form))
            if given - needed or (not plural and needed - given):
                found.append(form)
    return found


def slips(catalogue: Catalog) -> list[str]:
    """Return the Russian texts that stop twice after a day, address people in two ways, or call
    whoever asks for experts by another word than the others do."""
    said = [form for message in texts(catalogue).values() for form in _forms(message.string)]
    return [form for form in said if any(slip.search(form) for slip in SLIPS)]


def test_no_text_of_the_code_is_missing(in_code: Catalog, catalogue: Catalog) -> None:
    lacking = missing(in_code, catalogue)
    assert not lacking, f"{catalogue.locale} has no words for: " + "\n".join(["", *lacking])


def test_no_text_has_left_the_code(in_code: Catalog, catalogue: Catalog) -> None:
    left = sorted(str(key) for key in texts(catalogue).keys() - texts(in_code).keys())
    left += map(str, catalogue.obsolete)
    assert not left, f"{catalogue.locale} has words that nothing says: " + "\n".join(["", *left])


def test_no_text_is_a_guess(catalogue: Catalog) -> None:
    guesses = [_forms(message.id)[0] for message in catalogue if message.id and message.fuzzy]
    assert not guesses, f"{catalogue.locale} has guesses for: " + "\n".join(["", *guesses])


def test_every_translation_has_the_facts_of_the_text(catalogue: Catalog) -> None:
    assert not differing(catalogue)


def test_russian_stops_once_and_calls_and_addresses_people_in_one_way(catalogue: Catalog) -> None:
    assert not slips(catalogue)


def test_what_is_wrong_with_a_catalogue_is_found() -> None:
    code, russian = Catalog(), Catalog(locale="ru")
    for text in ("Yes", ("%(num)s day", "%(num)s days"), "of %(name)s"):
        code.add(text)
    russian.add("Yes", "")
    russian.add(("%(num)s day", "%(num)s days"), ("%(num)s день", "%(nmu)s дня", ""))
    russian.add("of %(name)s", "%(who)s")
    assert missing(code, russian) == ["Yes", "%(num)s day"]
    assert differing(russian) == ["%(nmu)s дня", "%(who)s"]


def test_slips_of_russian_are_found() -> None:
    russian = Catalog(locale="ru")
    good = ["Занято: %(period)s", "Выслано вам (%(day)s).", "Спасибо. Ваши дни свободны."]
    good += ["Заявитель выбирает.", "Дни запрашиваются.", "Разрешение на командирование."]
    bad = ["Занято: %(period)s.", "Когда Вы свободны?", "Занято, но Вы свободны."]
    bad += ["Её читает запрашивающая сторона.", "Заказчик выбирает.", "Командировки"]
    for text in good + bad:
        russian.add(text, text)
    assert slips(russian) == bad
