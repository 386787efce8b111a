"""What a file would do where it is opened is found before it is kept for others to open."""

import io
import zlib
from collections.abc import Callable

import pytest
from pypdf import PdfWriter
from pypdf.actions import JavaScript

from tests.webapp.core.test_core_stored_files import (
    OFFICE,
    archive,
    document,
    open_document,
    related,
)
from webapp.core.files import pdf_contents
from webapp.core.files.pdf import lay_out
from webapp.core.files.stored_files import LARGEST_FILE, FileKind, UnfitFileError, read_file

OBJECT = "another program would open"
ELSEWHERE = "from another computer"
ACTION = "a script or another file in it"
PROTECTED = "save it without one"
RESTRICTED = "also where it opens without a password"
UNSEARCHED = "cannot be looked through"


def external(kind: str, target: str) -> bytes:
    """Return a DOCX file in which something of this kind is elsewhere."""
    where = f'Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"'
    return document(relations=f'<Relationship Id="r2" {where}/>')


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (document(relations=related(f"{OFFICE}/oleObject")), OBJECT),
        (archive("word/document.xml", "word/embeddings/oleObject1.bin"), OBJECT),
        (archive("word/document.xml", "word/embeddings/Document.docm"), OBJECT),
        (open_document(kind="application/vnd.sun.star.oleobject"), OBJECT),
        (external("attachedTemplate", "https://example.org/letter.dotm"), ELSEWHERE),
        (external("attachedTemplate", "file:///\\\\server\\letter.dotx"), ELSEWHERE),
        (external("attachedTemplate", "file://server/letter.dotx"), ELSEWHERE),
        (external("attachedTemplate", "\\\\server\\letter.dotx"), ELSEWHERE),
        (external("attachedTemplate", " \\\\server\\letter.dotx"), ELSEWHERE),
        (external("attachedTemplate", "/ /server/letter.dotx"), ELSEWHERE),
        (external("attachedTemplate", "%5c%5Cserver%5cletter.dotx"), ELSEWHERE),
        (external("attachedTemplate", "%255c%255cserver%255cletter.dotx"), ELSEWHERE),
        (external("attachedTemplate", "%00//server/letter.dotx"), ELSEWHERE),
        (external("image", "http://example.org/one.png"), ELSEWHERE),
        (external("oleObject", "C:\\sheet.xlsx"), OBJECT),
        (open_document(within="<manifest:encryption-data><x><y/></x></manifest:encryption-data>"),
         PROTECTED),
    ],
)  # fmt: skip
def test_an_office_file_that_brings_something_along_is_refused_in_words(
    data: bytes, words: str
) -> None:
    with pytest.raises(UnfitFileError, match=words):
        read_file("letter.docx", data)


@pytest.mark.parametrize(
    "data",
    [
        external("attachedTemplate", "file:///C:\\Users\\Ana\\Templates\\Letter.dotx"),
        external("attachedTemplate", "file:///C:/Users/Ana%20Maria/Letter%20100%25.dotx"),
        external("attachedTemplate", "Normal.dotm"),
        external("attachedTemplate", "/Users/Ana/Group%20Containers/Letter.dotx"),
        external("hyperlink", "https://example.org"),
        archive("word/document.xml", "word/embeddings/Microsoft_Excel_Sheet.xlsx"),
    ],
)
def test_links_diagrams_and_templates_of_the_writers_own_disk_are_taken(data: bytes) -> None:
    assert read_file("letter.docx", data).kind is FileKind.DOCX


def written(change: Callable[[PdfWriter], object]) -> bytes:
    """Return a PDF file of one empty page with what `change` adds to it."""
    writer, target = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    change(writer)
    writer.write(target)
    return target.getvalue()


def packed(
    objects: bytes, kind: bytes = b"/Type /ObjStm /Filter /FlateDecode", before: bytes = b""
) -> bytes:
    """Return a PDF file with objects in a stream of them."""
    stream = b"<< %s >>\nstream\n%s\nendstream\nendobj\n" % (kind, zlib.compress(objects))
    return b"%PDF-1.7\n" + before + b"7 0 obj\n" + stream + b"%%EOF"


SCRIPT = b"1 0 << /S /JavaScript /JS (app.alert) >>"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (written(lambda pdf: pdf.add_open_action(JavaScript("app.alert(1)"))), ACTION),
        (written(lambda pdf: pdf.add_attachment("a.exe", b"MZ")), ACTION),
        (b"%PDF-1.7\n1 0 obj << /S /Launch /F (cmd.exe) >> endobj", ACTION),
        (b"%PDF-1.7\n1 0 obj << /S/L#61unch/F(cmd.exe) >> endobj", ACTION),
        (b"%PDF-1.7\n1 0 obj << /F (a.exe) /EF << /F 2 0 R >> >> endobj", ACTION),
        (b"%PDF-1.7\n1 0 obj << /Subtype /FileAttachment >> endobj", ACTION),
        (packed(SCRIPT), ACTION),
        (packed(SCRIPT, b"/Type/Obj#53tm/Filter/Fl"), ACTION),
        (packed(SCRIPT, b"/Type /ObjStm /Note (endobj) /Filter /FlateDecode"), ACTION),
        (packed(SCRIPT, before=packed(b"1 0 << >>")), ACTION),
        (packed(SCRIPT).replace(b"stream\nx", b"stream\rx"), ACTION),
        (packed(SCRIPT).replace(b"stream\nx", b"stream \r\nx"), ACTION),
        (packed(SCRIPT).replace(b"stream\nx", b"stream %\nx"), UNSEARCHED),
        (written(lambda pdf: pdf.encrypt("", "owner")), RESTRICTED),
        (packed(SCRIPT, b"/Type /ObjStm /Filter /LZWDecode").replace(b"x\x9c", b"y\x00"),
         UNSEARCHED),
        (packed(b"1 0 << >>", b"/Type /ObjStm /Filter /FlateDecode /DecodeParms <</Predictor 12>>"),
         UNSEARCHED),
        (packed(b"0" * (pdf_contents.LARGEST_OBJECTS + 1)), UNSEARCHED),
        (b"%PDF-1.7\n" + b"#41" * pdf_contents.MOST_BY_NUMBER, UNSEARCHED),
        (b"%PDF-1.7\n" + b"/ObjStm stream\n" * (pdf_contents.MOST_OF_OBJECTS + 1), UNSEARCHED),
        (b"%PDF-1.7\n" + b"stream\n" * (pdf_contents.MOST_STREAMS + 1), UNSEARCHED),
    ],
)  # fmt: skip
def test_a_pdf_that_acts_or_hides_whether_it_does_is_refused_in_words(
    data: bytes, words: str
) -> None:
    with pytest.raises(UnfitFileError, match=words):
        read_file("letter.pdf", data)


@pytest.mark.parametrize(
    "data",
    [
        written(lambda pdf: pdf.add_metadata({"/Title": "JavaScript and Launch for beginners"})),
        packed(b"1 0 << /Type /Page >>"),
        packed(b"1 0 << /LaunchPad 3 /JavaScripts 4 /EFG 5 >>"),
        b"%PDF-1.7\n1 0 obj << /Type /ObjStm >>\nstream\n1 0 << /Type /Page >>\nendstream\nendobj",
        # The text of a page may be packed as it likes, also right after a stream of objects.
        packed(b"1 0 << >>") + b"\n8 0 obj << /Filter /DCTDecode >>\nstream\n\xff\xd8\nendstream",
        packed(b"(/JavaScript)", b"/Filter /FlateDecode"),
        b"%PDF-1.7\n" + b"\xff" * (LARGEST_FILE - 9),
    ],
)
def test_other_pdf_files_are_taken(data: bytes) -> None:
    assert read_file("letter.pdf", data).kind is FileKind.PDF


@pytest.mark.thorough
def test_a_document_of_ours_is_taken_as_it_is() -> None:
    made = lay_out('<html lang="en"><title>Letter</title><h1>A letter</h1><p>Its text</p></html>')
    assert read_file("letter.pdf", made).kind is FileKind.PDF
