"""Curricula of made-up people as files, in the layouts that people use.

Each layout is a function of a person and of how dates are written, and returns the name of a file
and its bytes. PDF files are printed by a browser, as office programs print them.
"""

import html
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle

from tests.webapp.curricula.made_people import PEOPLE, Person, Work

Print = Callable[[str], bytes]
Layout = Callable[[Person, str, Print], tuple[str, bytes]]
Line = str | tuple[str, ...]
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
# How months are written.
STYLES = ("numbers", "words", "points", "years")


def period(person: Person, work: Work, style: str) -> str:
    """Return when some work was done, as people write it."""

    def moment(month: str) -> str:
        if not month:
            return person.present
        year, number = month.split("-")
        return {
            "numbers": f"{number}/{year}",
            "words": f"{person.months[int(number) - 1]} {year}",
            "points": f"01.{number}.{year}.",
            "years": year,
        }[style]

    return f"{moment(work.start)} – {moment(work.end)}"


def _date_first(person: Person, style: str) -> Iterator[Line]:
    yield person.name
    yield "demo@example.org, +387 33 000 111"
    for section, works in (("experience", person.posts), ("missions", person.missions)):
        yield person.headings[section]
        for work in works:
            yield (period(person, work, style), f"{work.title}, {work.where}")
            yield work.did
    yield from _ending(person)


def title_first(person: Person, style: str) -> Iterator[Line]:
    """Yield a curriculum in which titles stand in lines of their own, before place and period."""
    yield person.name
    yield person.headings["summary"]
    yield person.posts[0].did
    for section, works in (("experience", person.posts), ("missions", person.missions)):
        yield person.headings[section].upper()
        for work in works:
            yield work.title
            yield f"{work.where}, {period(person, work, style)}"
            yield f"• {work.did}"
            yield ""
    yield from _ending(person)


def _ending(person: Person) -> Iterator[Line]:
    yield person.headings["training"]
    for course in person.courses:
        yield f"• {course}"
    yield person.headings["languages"]
    for _code, _level, written in person.languages:
        yield written
    yield person.headings["other"]
    yield "2 × chess, 3 × mountains"


def txt(person: Person, style: str, _print: Print) -> tuple[str, bytes]:
    """A plain text, as Unicode."""
    lines = ("\t".join(x) if isinstance(x, tuple) else x for x in _date_first(person, style))
    return "plain.txt", "\n".join(lines).encode()


def old_txt(person: Person, style: str, _print: Print) -> tuple[str, bytes]:
    """A plain text in the code page of the region, where one has all its letters."""
    text = "\r\n".join(map(str, title_first(person, style)))
    page = "cp1251" if person.language in ("sr", "mk", "uk", "ru") else "cp1250"
    page = "utf-8" if person.language in ("fr", "ro", "bs", "sq") else page
    return f"{page}.txt", text.replace("–", "-").encode(page, "replace")


def paragraph(text: str) -> str:
    """Return a paragraph of a document."""
    return f"<w:p><w:r><w:t>{html.escape(text)}</w:t></w:r></w:p>"


def docx_of(body: str) -> bytes:
    """Return a document with this body."""
    document = f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'
    return _zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": document})


def _zipped(parts: dict[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def docx(person: Person, style: str, _print: Print) -> tuple[str, bytes]:
    """A letter-like document."""
    return "letter.docx", docx_of("".join(paragraph(str(x)) for x in title_first(person, style)))


def docx_table(person: Person, style: str, _print: Print) -> tuple[str, bytes]:
    """A document with dates in a column of a table and all else in another."""
    body = [paragraph(person.name)]
    for section, works in (("experience", person.posts), ("missions", person.missions)):
        body.append(paragraph(person.headings[section]))
        rows = (
            f"<w:tr><w:tc>{paragraph(period(person, work, style))}</w:tc><w:tc>"
            f"{paragraph(work.title)}{paragraph(work.where)}{paragraph(work.did)}</w:tc></w:tr>"
            for work in works
        )
        body.append(f"<w:tbl>{''.join(rows)}</w:tbl>")
    body += [paragraph(str(line)) for line in _ending(person)]
    return "table.docx", docx_of("".join(body))


def docx_boxes(person: Person, style: str, _print: Print) -> tuple[str, bytes]:
    """A document with a narrow column in a text box beside the main text."""
    aside = [person.headings["languages"], *(w for _c, _l, w in person.languages)]
    box = f"<w:txbxContent>{''.join(map(paragraph, aside))}</w:txbxContent>"
    lines = list(title_first(person, style))
    end = lines.index(person.headings["languages"])
    main = "".join(paragraph(str(line)) for line in lines[:end])
    return "boxes.docx", docx_of(f"{main}<w:p><w:r><w:pict>{box}</w:pict></w:r></w:p>")


# The labels of the older form of Europass: dates, position, employer, activities.
LABELS = {
    "en": ("Dates", "Occupation or position held", "Name and address of employer",
           "Main activities and responsibilities"),
    "bs": ("Datumi", "Zanimanje ili radno mjesto", "Naziv i adresa poslodavca",
           "Glavni poslovi i odgovornosti"),
    "sr": ("Датуми", "Занимање или радно место", "Назив и адреса послодавца",
           "Главни послови и одговорности"),
    "sq": ("Datat", "Profesioni ose pozita", "Emri dhe adresa e punëdhënësit",
           "Aktivitetet dhe përgjegjësitë kryesore"),
    "mk": ("Датуми", "Занимање или работно место", "Име и адреса на работодавачот",
           "Главни активности и одговорности"),
    "ro": ("Perioada", "Funcția sau postul ocupat", "Numele și adresa angajatorului",
           "Activități și responsabilități principale"),
    "uk": ("Дати", "Посада", "Назва та адреса роботодавця", "Основна діяльність та обов'язки"),
    "ru": ("Даты", "Занимаемая должность", "Название и адрес работодателя",
           "Основная деятельность и обязанности"),
    "fr": ("Dates", "Fonction ou poste occupé", "Nom et adresse de l'employeur",
           "Principales activités et responsabilités"),
}  # fmt: skip


def europass(person: Person, style: str, _print: Print) -> tuple[str, bytes]:
    """The older form of Europass: a table of labels."""
    dates, post, employer, activities = LABELS[person.language]

    def row(left: str, right: str) -> str:
        cells = (f"<w:tc>{paragraph(text)}</w:tc>" for text in (left, right))
        return f"<w:tr>{''.join(cells)}</w:tr>"

    rows = [row("Europass", person.name)]
    for section, works in (("experience", person.posts), ("missions", person.missions)):
        rows.append(row(person.headings[section], ""))
        for work in works:
            rows += [
                row(dates, period(person, work, style)),
                row(post, work.title),
                row(activities, work.did),
                row(employer, work.where),
            ]
    ending = "".join(paragraph(str(line)) for line in _ending(person))
    return "europass.docx", docx_of(f"<w:tbl>{''.join(rows)}</w:tbl>{ending}")


def _odt(body: str) -> bytes:
    content = (
        f'<office:document-content xmlns:office="{_OFFICE}" xmlns:text="{_TEXT}"'
        f' xmlns:table="{_TABLE}"><office:body><office:text>{body}</office:text></office:body>'
        "</office:document-content>"
    )
    return _zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def odt(person: Person, style: str, _print: Print) -> tuple[str, bytes]:
    """A document of LibreOffice, with tabs behind the dates."""
    lines = (
        "<text:tab/>".join(map(html.escape, x)) if isinstance(x, tuple) else html.escape(x)
        for x in _date_first(person, style)
    )
    return "letter.odt", _odt("".join(f"<text:p>{line}</text:p>" for line in lines))


def odt_table(person: Person, style: str, _print: Print) -> tuple[str, bytes]:
    """A document of LibreOffice with a table."""

    def cell(*lines: str) -> str:
        inside = "".join(f"<text:p>{html.escape(line)}</text:p>" for line in lines)
        return f"<table:table-cell>{inside}</table:table-cell>"

    body = [f"<text:h>{html.escape(person.name)}</text:h>"]
    for section, works in (("experience", person.posts), ("missions", person.missions)):
        body.append(f"<text:h>{html.escape(person.headings[section])}</text:h><table:table>")
        for work in works:
            when = cell(period(person, work, style))
            row = f"{when}{cell(f'{work.title}, {work.where}', work.did)}"
            body.append(f"<table:table-row>{row}</table:table-row>")
        body.append("</table:table>")
    body += [f"<text:p>{html.escape(str(line))}</text:p>" for line in _ending(person)]
    return "table.odt", _odt("".join(body))


def lines_as_html(lines: Iterator[Line]) -> str:
    """Return lines as paragraphs of a page."""
    return "".join(
        f"<p>{html.escape('  '.join(x) if isinstance(x, tuple) else x)}</p>" for x in lines
    )


def pdf(person: Person, style: str, print_: Print) -> tuple[str, bytes]:
    """A page in one column."""
    return "column.pdf", print_(lines_as_html(title_first(person, style)))


def pdf_columns(person: Person, style: str, print_: Print) -> tuple[str, bytes]:
    """A page in two columns, as of a newspaper."""
    text = lines_as_html(_date_first(person, style))
    return "two-columns.pdf", print_(f"<div style='columns:2'>{text}</div>")


def pdf_sidebar(person: Person, style: str, print_: Print) -> tuple[str, bytes]:
    """A page with languages and courses in a coloured column beside the career."""
    lines = list(title_first(person, style))
    split = lines.index(person.headings["training"])
    aside, main = (lines_as_html(iter(part)) for part in (lines[split:], lines[:split]))
    return "sidebar.pdf", print_(
        f"<div style='display:flex;gap:2em'><div style='width:30%'>{aside}</div>"
        f"<div style='width:65%'>{main}</div></div>"
    )


def pdf_table(person: Person, style: str, print_: Print) -> tuple[str, bytes]:
    """A page with a table of dates and work."""
    body = [f"<h1>{html.escape(person.name)}</h1>"]
    for section, works in (("experience", person.posts), ("missions", person.missions)):
        body.append(f"<h2>{html.escape(person.headings[section])}</h2><table>")
        for work in works:
            when = html.escape(period(person, work, style))
            what = (
                f"{html.escape(work.title)}<br>{html.escape(work.where)}<br>{html.escape(work.did)}"
            )
            body.append(f"<tr><td style='width:12em'>{when}</td><td>{what}</td></tr>")
        body.append("</table>")
    return "table.pdf", print_("".join(body) + lines_as_html(_ending(person)))


def pdf_hyphens(person: Person, style: str, print_: Print) -> tuple[str, bytes]:
    """A narrow page on which words are parted at the ends of lines."""

    def parted(line: Line) -> str:
        text = "  ".join(line) if isinstance(line, tuple) else line
        words = text.split(" ")
        long = [f"{w[:5]}-<br>{w[5:]}" if len(w) > 11 and w.isalpha() else w for w in words]
        return f"<p>{' '.join(long)}</p>"

    return "hyphens.pdf", print_("".join(map(parted, title_first(person, style))))


def mixed(person: Person, style: str, _print: Print) -> tuple[str, bytes]:
    """A document whose missions stand in English, whatever the rest is written in."""
    english = PEOPLE[0]
    lines = list(_date_first(person, style))
    first, last = (lines.index(person.headings[name]) for name in ("missions", "training"))
    told: list[Line] = [english.headings["missions"]]
    for work in english.missions:
        told += [(period(english, work, style), f"{work.title}, {work.where}"), work.did]
    lines[first:last] = told
    text = ("\t".join(x) if isinstance(x, tuple) else x for x in lines)
    return "mixed.docx", docx_of("".join(map(paragraph, text)))


# How people say from when and until when without a dash.
FROM_TO = {
    "en": ("from", "to"), "bs": ("od", "do"), "sr": ("од", "до"), "sq": ("nga", "deri"),
    "mk": ("од", "до"), "ro": ("din", "până în"), "uk": ("з", "по"), "ru": ("с", "по"),
    "fr": ("de", "à"),
}  # fmt: skip


def _numbered(person: Person, style: str) -> Iterator[str]:
    """Headings with numbers, and the period in brackets behind the title."""
    yield person.name
    for number, (section, works) in enumerate(
        (("experience", person.posts), ("missions", person.missions)), 1
    ):
        yield f"{number}. {person.headings[section]}"
        for work in works:
            yield f"{work.title} ({period(person, work, style)})"
            yield f"{work.where}. {work.did}"
    yield from map(str, _ending(person))


def numbered(person: Person, style: str, print_: Print) -> tuple[str, bytes]:
    """A page with numbered headings."""
    return "numbered.pdf", print_(lines_as_html(_numbered(person, style)))


def worded(person: Person, style: str, _print: Print) -> tuple[str, bytes]:
    """A document that says in words from when and until when, before the title on one line."""
    first, last = FROM_TO[person.language]
    lines: list[str] = [person.name]
    for section, works in (("experience", person.posts), ("missions", person.missions)):
        lines.append(person.headings[section].title())
        for work in works:
            when = period(person, work, style).replace(" – ", f" {last} ")
            lines += [f"► {first} {when}: {work.title}; {work.where}", work.did]
    lines += map(str, _ending(person))
    return "worded.docx", docx_of("".join(map(paragraph, lines)))


def spread(person: Person, style: str, _print: Print) -> tuple[str, bytes]:
    """A text with an empty line between everything, and the period in a line below the title."""
    return "spread.txt", "\n\n".join(
        str(line).removeprefix("• ") for line in title_first(person, style) if line
    ).encode()


# Written when the reading was finished, and changed nothing of it.
HELD_OUT = (numbered, worded, spread)

LAYOUTS = (
    txt, old_txt, docx, docx_table, docx_boxes, europass, odt, odt_table, pdf, pdf_columns,
    pdf_sidebar, pdf_table, pdf_hyphens, mixed,
)  # fmt: skip


def all_files(
    print_: Print, each: int = 5, of: Sequence[Layout] = LAYOUTS
) -> Iterator[tuple[Person, str, str, bytes]]:
    """Yield `each` files of every person, with the name of their layout, so that all are used."""
    layouts, styles = cycle(of), cycle(STYLES)
    for person in PEOPLE:
        for _number in range(each):
            layout, style = next(layouts), next(styles)
            yield person, style, *layout(person, style, print_)
        next(styles)
