"""Files of all kinds, hostile ones among them, are read or refused within bounds."""

import io
import resource
import subprocess
import sys
import threading
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfWriter

from tests.webapp.curricula.made_files import _odt, _zipped, docx_of, paragraph
from webapp.core.errors import TooOftenError
from webapp.core.files import bounded_process
from webapp.core.words.text_rules import first_unstorable
from webapp.curricula.extraction import LARGEST_FILE, SECONDS
from webapp.curricula.reading import FAULTS, PROGRAM, UnreadableError, read_text
from webapp.curricula.spoken import find_languages

pytestmark = pytest.mark.thorough

# Reading is given up within five seconds; a machine that runs other tests beside adds to it.
BUSY = 10
WORDS = "Načelnica odjela, начальник отдела, shefe e njësisë. "
ENTITIES = (
    '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)


def pdf(content: bytes, filters: str = "/FlateDecode", pages: int = 1) -> bytes:
    """Return a PDF whose pages all have this packed content."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [" + b"3 0 R " * pages + b"] /Count %d >>" % pages,
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources <<"
        b" /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d /Filter %s >>\nstream\n" % (len(content), filters.encode())
        + content
        + b"\nendstream",
    ]
    made = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(made)
    made += b"xref\n0 5\n0000000000 65535 f \n"
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start


def shown(text: str) -> bytes:
    """Return the content of a page that shows a text."""
    return zlib.compress(f"BT /F 12 Tf 50 700 Td ({text}) Tj ET".encode())


def locked() -> bytes:
    """Return a PDF that is opened by a password only."""
    writer, made = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(made)
    return made.getvalue()


def nested(depth: int) -> bytes:
    """Return a document whose paragraphs stand within each other."""
    return docx_of("<w:sdt>" * depth + paragraph("deep") + "</w:sdt>" * depth)


def lying() -> bytes:
    """Return an archive that names a smaller size than its part has."""
    made = bytearray(docx_of(paragraph("a" * 30_000_000)))
    place = made.rindex(b"PK\x01\x02", 0, made.rindex(b"word/document.xml")) + 24
    made[place : place + 4] = (1000).to_bytes(4, "little")
    return bytes(made)


def many_parts() -> bytes:
    """Return an archive with more parts than any document has."""
    parts = {f"word/{number}.xml": "" for number in range(3000)}
    return _zipped({**parts, "word/document.xml": "<a/>"})


def twice_named() -> bytes:
    """Return an archive with two parts of one name, of which programs open either."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("word/document.xml", "<b/>")
    return made.getvalue()


FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"  \n", "empty"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "another kind"),
    "an old Word file": (lambda: b"\xd0\xcf\x11\xe0" + b"\1" * 100, "another kind"),
    "a program without an end of text": (lambda: b"\x7fELF" + b"\0" * 100, "another kind"),
    "a page": (lambda: b"<html><script>alert(1)</script>", "another kind"),
    "rich text": (lambda: b"{\\rtf1 text}", "another kind"),
    "another archive": (lambda: _zipped({"a.txt": "text"}), "another kind"),
    "too large": (lambda: b"a" * (LARGEST_FILE + 1), "too large"),
    "half a document": (lambda: docx_of(paragraph(WORDS * 50))[:-200], "broken"),
    "half a PDF": (lambda: pdf(shown("word " * 50))[:200], "broken"),
    "a PDF of nothing": (lambda: b"%PDF-1.7\n%%EOF", "broken"),
    "no XML": (lambda: _zipped({"word/document.xml": "<w:document"}), "broken"),
    "a locked PDF": (locked, "locked"),
    "a scan": (lambda: pdf(shown("1")), "scanned"),
    "sixty-one pages": (lambda: pdf(shown("word " * 50), pages=61), "too long"),
    "a program": (lambda: b"\x7fELF\x02\x01\x01" + bytes(range(1, 32)) * 40, "another kind"),
    "a mark of the order of bytes alone": (lambda: b"\xff\xfe", "empty"),
    "signs alone": (lambda: b"... --- ...", "empty"),
    "too many lines": (("x\n2012\n" * 3001).encode, "too long"),
    "too much text": ((WORDS * 5000).encode, "too long"),
    "a zip bomb": (lambda: docx_of(paragraph("a" * 60_000_000)), "bomb"),
    "a smaller zip bomb": (lambda: docx_of(paragraph("a" * 20_000_000)), "bomb"),
    "a bomb in ODT": (lambda: _odt("a" * 60_000_000), "bomb"),
    "entities": (lambda: _zipped({"word/document.xml": f"{ENTITIES}<a>&j;</a>"}), "bomb"),
    "many parts": (many_parts, "bomb"),
    "parts of one name": (twice_named, "bomb"),
    "a deep document": (lambda: nested(20_000), "bomb"),
}  # fmt: skip
# They are ended by whatever bound they meet first.
BOMBS = {
    "a PDF bomb": lambda: pdf(zlib.compress(b"\0" * 400_000_000)),
    "a PDF bomb packed twice": lambda: pdf(
        zlib.compress(zlib.compress(b" " * 300_000_000)), "[/FlateDecode /FlateDecode]"
    ),
    "a PDF with endless words": lambda: pdf(
        zlib.compress(b"BT /F 12 Tf " + b"1 0 0 1 5 5 Tm (a) Tj " * 1_500_000 + b"ET"), pages=40
    ),
    "a lying archive": lying,
}


@pytest.mark.parametrize("name", FILES)
def test_what_cannot_be_read_is_told_in_words(name: str) -> None:
    make, fault = FILES[name]
    data, began = make(), time.monotonic()
    with pytest.raises(UnreadableError) as refused:
        read_text(data)
    assert refused.value.args == (fault,)
    assert str(FAULTS[fault])
    assert time.monotonic() - began < BUSY


def test_reading_is_given_up_within_five_seconds() -> None:
    assert bounded_process.SECONDS < 5


@pytest.mark.thorough
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_less_than_five_seconds(name: str) -> None:
    data = BOMBS[name]()
    assert len(data) < LARGEST_FILE
    largest, began = largest_child(), time.monotonic()
    with pytest.raises(UnreadableError):
        read_text(data)
    assert time.monotonic() - began < BUSY
    # The child that read it had no more memory than it was let, unless one before it had more.
    assert largest_child() < max(2_000_000_000, largest + 1)


def largest_child() -> int:
    """Return the most memory, in bytes, that any process had which this one has started."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


def test_each_kind_of_file_is_read() -> None:
    for data in (
        WORDS.encode(),
        b"\xef\xbb\xbf" + WORDS.encode(),
        WORDS.encode("utf-16"),
        docx_of(paragraph(WORDS)),
        _odt(f"<text:p>{WORDS}</text:p>"),
    ):
        assert read_text(data).strip() == WORDS.strip()
    assert "Head of unit" in read_text(pdf(shown("Head of unit, police of somewhere")))
    assert "начальник" in read_text("начальник отдела и шеф".encode("cp1251"))
    assert "Načelnica šuma" in read_text("Načelnica šuma, ćup i đak".encode("cp1250"))


@pytest.mark.parametrize(
    "data",
    [
        "Head of\x1b unit\x7f \ufdd0 \uffff".encode(),
        b"\xff\xfe" + "Head of\0 unit".encode("utf-16-le"),
        b"\xff\xfe" + "Head of unit ".encode("utf-16-le") + b"\x00\xd8",
    ],
)
def test_what_no_page_can_hold_is_taken_out_of_a_text(data: bytes) -> None:
    text = read_text(data)
    assert first_unstorable(text) is None
    assert text.split()[:2] == ["Head", "of"]


def test_forty_pages_are_read() -> None:
    assert read_text(pdf(shown("Head of unit " * 20), pages=40)).count("Head of unit") == 800


def test_the_kind_is_told_by_content_and_not_by_a_name() -> None:
    assert "Head" in read_text(b"  \n" + pdf(shown("Head of unit of somewhere")))


def test_no_more_than_two_files_are_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    started, go_on = threading.Semaphore(0), threading.Event()

    def slow(_program: Path, _data: bytes) -> dict[str, str]:
        started.release()
        go_on.wait(20)
        return {"text": ""}

    monkeypatch.setattr(bounded_process, "_run", slow)
    readers = [threading.Thread(target=read_text, args=(b"a",)) for _ in range(2)]
    for reader in readers:
        reader.start()
        started.acquire()
    with pytest.raises(TooOftenError):
        read_text(b"a")
    go_on.set()
    for reader in readers:
        reader.join()
    assert read_text(b"a") == ""


def test_the_program_can_open_neither_files_nor_connections() -> None:
    """Whatever runs in it after its bounds are set has no way out."""

    # Alone, as it is run: what the platform takes to begin would count among its seconds.
    tried = (
        f"import sys; sys.path.append({str(bounded_process.PROGRAM.parent)!r})\n"
        "import bounded_program, socket\n"
        f"bounded_program.bound(bounded_program.load({str(PROGRAM)!r}))\n"
        "for act in (lambda: open('/etc/passwd'), lambda: socket.socket()):\n"
        "    try: act()\n"
        "    except OSError as error: print(error.errno)\n"
    )
    done = subprocess.run([sys.executable, "-c", tried], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["24", "24"]
    assert SECONDS < 5


def test_a_line_that_names_a_language_and_nothing_else_is_read() -> None:
    assert [one.code for one in find_languages([(0, "English"), (1, "srpski")], [])] == ["en", "sr"]


def test_a_table_within_a_table_is_read_once() -> None:
    body = paragraph("2019 - 2021 Trainer at the academy")
    for depth in range(1, 4):
        cell = f"<w:sdt><w:sdtContent><w:tc>{body}</w:tc></w:sdtContent></w:sdt>"
        body = f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>"
        assert read_text(docx_of(body)).count("Trainer") == 1, depth
