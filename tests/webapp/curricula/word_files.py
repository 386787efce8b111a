"""Curricula as Word and python-docx write them: points whose marks stand nowhere in the text,
columns set by the section, one table around everything, tables within tables.

What stands in them is what made_files.py has; the layouts were written on 1 December 2026, and
docs/measurements.md tells how they were read then.
"""

import html
from collections.abc import Iterator, Sequence

from tests.webapp.curricula.made_files import Layout, Print, docx_of, paragraph, period
from tests.webapp.curricula.made_people import Person, Work

COLUMNS = '<w:sectPr><w:cols w:num="2" w:space="720"/></w:sectPr>'


def styled(text: str, style: str, more: str = "") -> str:
    """Return a paragraph of a style; Word knows its marks and numbers from elsewhere."""
    told = f'<w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>'
    return f"<w:p>{told}<w:r><w:t>{html.escape(text)}</w:t></w:r></w:p>"


def point(text: str) -> str:
    """Return a point of a list as python-docx writes it."""
    return styled(text, "ListBullet")


def numbered_point(text: str) -> str:
    """Return a point of a list as Word writes it."""
    number = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>'
    return styled(text, "ListParagraph", number)


def table(*rows: Sequence[str]) -> str:
    """Return a table of cells with what stands in each."""
    cells = ("".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def _sections(person: Person) -> Iterator[tuple[str, tuple[Work, ...]]]:
    yield person.headings["experience"], person.posts
    yield person.headings["missions"], person.missions


def _ending(person: Person) -> str:
    written = [styled(person.headings["training"], "Heading1")]
    written += map(point, person.courses)
    written.append(styled(person.headings["languages"], "Heading1"))
    written += (point(one) for _code, _level, one in person.languages)
    return "".join(written)


def points_below(person: Person, style: str, _print: Print) -> tuple[str, bytes]:
    """Posts in two columns, below which missions are dated points of a list."""
    body = [styled(person.headings["experience"], "Heading1")]
    for number, work in enumerate(person.posts):
        where = f"{work.where}, {period(person, work, style)}"
        body += [paragraph(work.title), paragraph(where), point(work.did)]
        for mission in person.missions if not number else ():
            when = period(person, mission, style)
            body.append(numbered_point(f"{when}: {mission.title}, {mission.where}"))
    written = f"{styled(person.name, 'Title')}{''.join(body)}{_ending(person)}{COLUMNS}"
    return "points-below.docx", docx_of(written)


def place_first(person: Person, style: str, _print: Print) -> tuple[str, bytes]:
    """Where it was and when on one line, the title below it, then points of a list."""
    body = [styled(person.name, "Title")]
    for heading, works in _sections(person):
        body.append(styled(heading, "Heading1"))
        for work in works:
            body.append(paragraph(f"{work.where}\t{period(person, work, style)}"))
            body += [paragraph(work.title), numbered_point(work.did), point(f"{work.where}.")]
    return "place-first.docx", docx_of(f"{''.join(body)}{_ending(person)}{COLUMNS}")


def side_by_side(person: Person, style: str, _print: Print) -> tuple[str, bytes]:
    """One table of one row: languages and courses in the first cell, the career in the second."""
    career = []
    for heading, works in _sections(person):
        career.append(styled(heading, "Heading1"))
        for work in works:
            career.append(paragraph(period(person, work, style)))
            career += [paragraph(work.title), paragraph(work.where), paragraph(work.did)]
    aside = f"{paragraph(person.name)}{_ending(person)}"
    return "side-by-side.docx", docx_of(table((aside, "".join(career))))


def tables_within(person: Person, style: str, _print: Print) -> tuple[str, bytes]:
    """A table with the headings in its first column and a table for each entry in its second."""
    rows = []
    for heading, works in _sections(person):
        inner = []
        for work in works:
            what = f"{paragraph(work.title)}{paragraph(work.where)}{paragraph(work.did)}"
            inner.append(table((paragraph(period(person, work, style)), what)))
        rows.append((paragraph(heading), "".join(inner)))
    return "tables-within.docx", docx_of(f"{table(*rows)}{_ending(person)}")


WORD: tuple[Layout, ...] = (points_below, place_first, side_by_side, tables_within)
