"""Curricula that are laid out badly, as they come out of forms, of old programs and of haste.

Written after `made_files.py`, each for those who write in its languages; of how they were read when
they were new, and after the reading was mended by them, docs/measurements.md tells.
"""

import html
from collections.abc import Iterator
from dataclasses import replace

from tests.webapp.curricula.made_files import (
    FROM_TO,
    Layout,
    Print,
    docx_of,
    lines_as_html,
    paragraph,
    title_first,
)
from tests.webapp.curricula.made_people import PEOPLE, Person, Work

Sectioned = Iterator[tuple[str, tuple[Work, ...]]]
# What the newer form of Europass calls the skills in a language, and what goes on.
EUROPASS = {
    "ro": ("În curs", "Limba maternă", "Alte limbi", "COMPREHENSIUNE ORALĂ", "CITIT"),
    "en": ("Current", "Mother tongue(s)", "Other language(s)", "LISTENING", "READING"),
    "bs": ("Trenutno", "Materinski jezik", "Drugi jezici", "SLUŠANJE", "ČITANJE"),
}
# How the heads of a table of work are called.
HEADS = {
    "sr": ("Период", "Радно место", "Установа", "Опис послова"),
    "mk": ("Период", "Работно место", "Институција", "Опис"),
    "ru": ("Период", "Должность", "Организация", "Обязанности"),
    "uk": ("Період", "Посада", "Установа", "Обов'язки"),
}
SINCE = {"en": "since", "bs": "od", "ro": "din", "fr": "depuis", "sq": "nga", "mk": "од"}
LATIN = {
    "experience": "RADNO ISKUSTVO", "missions": "Mirovne misije", "training": "Obuke i sertifikati",
    "languages": "Poznavanje jezika", "other": "Interesovanja",
}  # fmt: skip


def _sections(person: Person) -> Sectioned:
    yield person.headings["experience"], person.posts
    yield person.headings["missions"], person.missions


def _numbers(month: str) -> str:
    year, number = month.split("-")
    return f"{number}/{year}"


def _ending(person: Person) -> Iterator[str]:
    yield person.headings["training"]
    yield from (f"- {course}" for course in person.courses)
    yield person.headings["languages"]
    yield from (written for _code, _level, written in person.languages)


def _docx(lines: Iterator[str]) -> bytes:
    return docx_of("".join(map(paragraph, lines)))


def europass(person: Person, _style: str, print_: Print) -> tuple[str, bytes]:
    """The newer form of Europass: days in brackets before the title, which is in capitals."""
    now, mother, others, listening, reading = EUROPASS[person.language]

    def day(month: str) -> str:
        return f"01/{_numbers(month)}" if month else now

    lines = [person.name, f"{person.headings['experience']} ".upper()]
    for work in (*person.posts, *person.missions):
        lines += [f"[ {day(work.start)} – {day(work.end)} ]", work.title.upper(), work.where]
        lines += [work.did]
    lines += [person.headings["training"].upper(), *person.courses]
    lines += [person.headings["languages"].upper()]
    for _code, level, written in person.languages:
        name = written.split(" ")[0].strip(",:;-")
        if level == "C2":
            lines.append(f"{mother}: {name}")
        else:
            lines += [f"{others}:", f"{name}", f"{listening} {level} {reading} {level}"]
    return "europass.pdf", print_(lines_as_html(iter(lines)))


def dates_at_the_right(person: Person, _style: str, print_: Print) -> tuple[str, bytes]:
    """Two columns: languages and courses left, and right a career whose dates end its lines."""
    body = []
    for heading, works in _sections(person):
        body.append(f"<h2>{html.escape(heading)}</h2>")
        for work in works:
            end = _numbers(work.end) if work.end else person.present
            body.append(
                "<div style='display:flex;justify-content:space-between'>"
                f"<b>{html.escape(work.title)}</b>"
                f"<i style='white-space:nowrap'>{_numbers(work.start)} - {html.escape(end)}</i>"
                f"</div><div>{html.escape(work.where)}</div><div>{html.escape(work.did)}</div>"
            )
    aside = lines_as_html(_ending(person))
    return "right.pdf", print_(
        f"<h1>{html.escape(person.name)}</h1><div style='display:flex;gap:2em'>"
        f"<div style='width:28%'>{aside}</div><div style='width:68%'>{''.join(body)}</div></div>"
    )


def table_with_heads(person: Person, _style: str, _print: Print) -> tuple[str, bytes]:
    """A table of four columns with a row of heads, for posts and missions each."""

    def row(cells: tuple[str, ...]) -> str:
        return f"<w:tr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in cells)}</w:tr>"

    body = [paragraph(person.name)]
    for heading, works in _sections(person):
        body.append(f"{paragraph(heading)}<w:tbl>")
        body.append(row(HEADS[person.language]))
        for work in works:
            end = _numbers(work.end) if work.end else person.present
            body.append(row((f"{_numbers(work.start)} – {end}", work.title, work.where, work.did)))
        body.append("</w:tbl>")
    body += map(paragraph, _ending(person))
    return "heads.docx", docx_of("".join(body))


def narrow(person: Person, style: str, _print: Print) -> tuple[str, bytes]:
    """A text of forty letters a line, in which every word may be parted, with soft hyphens too."""
    lines: list[str] = []
    for line in title_first(person, style):
        text, made = str(line), ""
        for word in text.split(" "):
            if made and len(made) + len(word) + 1 > 40:
                room = 38 - len(made)
                if room > 3 and len(word) - room > 2 and word.isalpha():
                    mark = "\u00ad" if room % 2 else "-"
                    lines.append(f"{made} {word[:room]}{mark}")
                    made = word[room:]
                    continue
                lines.append(made)
                made = word
            else:
                made = f"{made} {word}".strip()
        lines.append(made)
    return "narrow.txt", "\n".join(lines).encode()


def since(person: Person, _style: str, _print: Print) -> tuple[str, bytes]:
    """What goes on is said with "since", and what has ended with a dash or in words."""
    first, last = FROM_TO[person.language]
    lines = [person.name]
    for heading, works in _sections(person):
        lines.append(heading)
        for number, work in enumerate(works):
            when = f"{SINCE[person.language]} {_numbers(work.start)}"
            if work.end and number % 2:
                when = f"{_numbers(work.start)}-{_numbers(work.end)}"
            elif work.end:
                when = f"{first} {_numbers(work.start)} {last} {_numbers(work.end)}"
            lines += [f"{when}, {work.title}, {work.where}", work.did]
    return "since.docx", _docx(iter([*lines, *_ending(person)]))


def days_without_blanks(person: Person, _style: str, _print: Print) -> tuple[str, bytes]:
    """Days as 1.9.2014.-31.12.2016. with nothing between, before the title."""

    def day(month: str, number: str) -> str:
        year, name = month.split("-")
        return f"{number}.{int(name)}.{year}."

    lines = [person.name]
    for heading, works in _sections(person):
        lines.append(f"{heading}:")
        for work in works:
            end = day(work.end, "28") if work.end else person.present
            lines += [f"{day(work.start, '1')}-{end} {work.title} ({work.where})", work.did]
    return "days.docx", _docx(iter([*lines, *_ending(person)]))


def running_heads(person: Person, style: str, _print: Print) -> tuple[str, bytes]:
    """The name and the number of the page stand between any two lines, after each six."""
    lines: list[str] = []
    for number, line in enumerate(title_first(person, style)):
        if number and number % 6 == 0:
            lines += [f"{number // 6} / 4", f"Curriculum vitae – {person.name}"]
        lines.append(str(line))
    return "heads.txt", "\n".join(lines).encode()


def forty_pages(person: Person, style: str, print_: Print) -> tuple[str, bytes]:
    """A career on the first page, and thirty-nine of annexes behind it."""
    career = lines_as_html(title_first(person, style))
    annex = "".join(
        f"<div style='break-before:page'><p>Annex {number}</p><p>Report of {1980 + number}, with"
        f" tables of {1981 + number} and a foreword.</p></div>"
        for number in range(1, 40)
    )
    return "forty.pdf", print_(career + annex)


def mixed_scripts(person: Person, _style: str, _print: Print) -> tuple[str, bytes]:
    """Headings in Latin letters over a career in Cyrillic ones, with months in words."""
    written = replace(person, headings=LATIN)
    lines = [person.name]
    for heading, works in _sections(written):
        lines.append(heading)
        for work in works:
            moments = [
                f"{person.months[int(month[5:]) - 1]} {month[:4]}." if month else person.present
                for month in (work.start, work.end)
            ]
            lines += [f"{work.title} – {work.where}", " - ".join(moments), work.did, ""]
    return "scripts.docx", _docx(iter([*lines, *_ending(written)]))


def short_years(person: Person, _style: str, _print: Print) -> tuple[str, bytes]:
    """Years are shortened to two digits: 09/14 - 12/16."""

    def moment(month: str) -> str:
        return f"{month[5:]}/{month[2:4]}" if month else person.present

    lines = [person.name]
    for heading, works in _sections(person):
        lines.append(heading.upper())
        for work in works:
            lines += [f"{moment(work.start)} - {moment(work.end)}\t{work.title}, {work.where}"]
            lines += [work.did]
    return "short.txt", "\n".join([*lines, *_ending(person)]).encode()


UGLY: dict[Layout, tuple[str, ...]] = {
    europass: ("ro", "en", "bs"),
    dates_at_the_right: ("sq", "en", "fr"),
    table_with_heads: ("sr", "mk", "ru", "uk"),
    narrow: ("fr", "en", "ro"),
    since: ("en", "bs", "fr", "mk"),
    days_without_blanks: ("bs", "sr", "sq"),
    running_heads: ("en", "uk", "sq"),
    forty_pages: ("en", "ro"),
    mixed_scripts: ("sr",),
    short_years: ("en", "bs", "ru"),
}


def ugly_files(print_: Print) -> Iterator[tuple[Person, str, str, bytes]]:
    """Yield each layout for everybody who writes in one of its languages."""
    for layout, languages in UGLY.items():
        for person in PEOPLE:
            if person.language in languages:
                yield person, "numbers", *layout(person, "numbers", print_)
