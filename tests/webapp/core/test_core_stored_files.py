"""What a file is by its content, and under which name it is kept."""

import contextlib
import io
import random
import zipfile
from collections.abc import Mapping

import pytest

from webapp.core.files import office_contents, stored_files
from webapp.core.files.stored_files import LONGEST_NAME, FileKind, UnfitFileError, read_file

PDF = b"%PDF-1.7\n"
MANIFEST = "META-INF/manifest.xml"


def archive(*parts: str, size: int = 1) -> bytes:
    """Return an archive with parts of so many bytes."""
    return zip_of(dict.fromkeys(parts, b"0" * size))


def zip_of(parts: Mapping[str, str | bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return an archive of these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", packing) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return target.getvalue()


def open_document(*parts: str, kind: str = "text/xml", within: str = "") -> bytes:
    """Return an ODT file with these parts, of which its manifest says one thing."""
    entry = f'<manifest:file-entry manifest:full-path="it" manifest:media-type="{kind}">'
    manifest = f'<manifest:manifest xmlns:manifest="m">{entry}{within}</manifest:file-entry>'
    lists = {"content.xml": "<content/>", MANIFEST: f"{manifest}</manifest:manifest>"}
    return zip_of({**lists, **dict.fromkeys(parts, "0")})


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("letter.pdf", PDF, FileKind.PDF),
        ("letter.exe", PDF, FileKind.PDF),
        ("letter.docx", archive("word/document.xml"), FileKind.DOCX),
        ("letter", open_document(), FileKind.ODT),
        ("photo.png", b"\xff\xd8\xff\xe0", FileKind.JPEG),
        ("scan.jpg", b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    ],
)
def test_a_file_is_what_its_bytes_say(name: str, data: bytes, kind: FileKind) -> None:
    assert read_file(name, data).kind is kind


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"<html><script>1</script>", "whatever its name says"),
        (b"MZ\x90", "whatever its name says"),
        (b"PK\x03\x04 and no more", "damaged"),
        (archive("a.txt"), "whatever its name says"),
        (archive("word/document.xml", "word/vbaProject.bin"), "macros"),
        (archive("word/document.xml", "word/VBAPROJECT.bin"), "macros"),
        (archive("word/document.xml", "other/vbaProject.bin"), "macros"),
        (archive("word/document.xml", "word/activeX/activeX1.bin"), "macros"),
        (open_document("Basic/Standard/Module1.xml"), "macros"),
        (open_document("Scripts/python/module.py"), "macros"),
        (PDF + b"0" * stored_files.LARGEST_FILE, "larger than 5 MB"),
    ],
)
def test_other_files_are_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(UnfitFileError, match=words):
        read_file("letter.pdf", data)


TYPES, RELATIONS = "[Content_Types].xml", "word/_rels/document.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def document(
    types: str = "", relations: str = "", encoding: str = "utf-8", named: str = TYPES
) -> bytes:
    """Return a DOCX file whose lists hold these elements besides those that each has."""
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    main = f'<Override PartName="/word/document.xml" ContentType="{MAIN}"/>'
    styles = f'<Relationship Id="r1" Type="{OFFICE}/styles" Target="styles.xml"/>'
    return zip_of({
        "word/document.xml": "<document/>",
        "word/pictures.bin": "a program",
        named: f"{head}<Types>{main}{types}</Types>".encode(encoding),
        RELATIONS: f"{head}<Relationships>{styles}{relations}</Relationships>".encode(encoding),
    })  # fmt: skip


def typed(kind: str) -> str:
    """Return what a list of types says of a part with a harmless name."""
    return f'<Override PartName="/word/pictures.bin" ContentType="{kind}"/>'


def related(kind: str) -> str:
    """Return what leads from the document to a part with a harmless name."""
    return f'<Relationship Id="r2" Type="{kind}" Target="pictures.bin"/>'


@pytest.mark.parametrize(
    "data",
    [
        document(typed("application/vnd.ms-office.vbaProject")),
        document(typed("application/VND.MS-OFFICE.VBAPROJECT")),
        document(typed("application/vnd.ms-office.&#118;baProject")),
        document(typed("application/vnd.ms-office.vbaProject"), encoding="utf-16"),
        document(typed("application/vnd.ms-office.vbaProject"), named="[content_types].XML"),
        document('<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'),
        document(typed("application/vnd.ms-word.vbaData+xml")),
        document(typed("application/vnd.ms-word.document.macroEnabled.main+xml")),
        document(typed("application/vnd.ms-office.activeX+xml")),
        document(relations=related(f"{MICROSOFT}/vbaProject")),
        document(relations=related(f"{MICROSOFT}/wordVbaData")),
        document(relations=related(f"{OFFICE}/control")),
    ],
)
def test_a_program_is_known_by_the_lists_of_a_file_whatever_its_part_is_called(data: bytes) -> None:
    with pytest.raises(UnfitFileError, match="macros"):
        read_file("letter.docx", data)


def test_a_letter_may_speak_of_macros_and_lead_elsewhere() -> None:
    link = (
        f'<Relationship Id="r2" Type="{OFFICE}/hyperlink" Target="https://example.org/vbaProject"'
    )
    letter = document(typed("image/png"), f'{link} TargetMode="External"/>')
    assert read_file("macros and vbaProject.docx", letter).kind is FileKind.DOCX


@pytest.mark.parametrize(
    "data",
    [
        document("<Override"),
        document(relations="</Relationships><more/>"),
        document().replace(b"word/_rels/document", b"other/rels/document", 1),
        zip_of({"word/document.xml": "", TYPES: "<Types/>"}, zipfile.ZIP_LZMA),
        document("<Default/>" * (office_contents.LARGEST_LISTS // 10)),
        document("<Default/>" * office_contents.MOST_ELEMENTS),
        document("<Default><Default/></Default>"),
        archive(
            "word/document.xml", *(f"{at}.rels" for at in range(office_contents.MOST_LISTS + 1))
        ),
        archive("word/document.xml", f"{TYPES}/[0].last.piece"),
        archive("word/document.xml", TYPES),
    ],
)
def test_a_list_of_parts_that_cannot_be_read_is_a_damaged_file(data: bytes) -> None:
    with pytest.raises(UnfitFileError, match="damaged"):
        read_file("letter.docx", data)


def test_no_list_of_parts_declares_what_grows_without_end() -> None:
    entities = '<!DOCTYPE Types [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    declared = zip_of({"word/document.xml": "<document/>", TYPES: f"{entities}<Types>&b;</Types>"})
    with pytest.raises(UnfitFileError, match="damaged"):
        read_file("letter.docx", declared)


def test_what_is_cut_or_changed_anywhere_is_taken_or_refused_in_words() -> None:
    sound = document(typed("image/png"))
    draw = random.Random(13)
    for _time in range(2000):
        data = bytearray(sound)
        for _sign in range(draw.randint(1, 4)):
            data[draw.randrange(4, len(data))] = draw.randrange(256)
        cut = data if draw.random() < 0.7 else data[: draw.randrange(4, len(data))]
        with contextlib.suppress(UnfitFileError):
            read_file("letter.docx", bytes(cut))


def test_an_office_file_that_unpacks_to_more_than_any_letter_is_refused() -> None:
    bomb = archive("word/document.xml", size=stored_files.LARGEST_UNPACKED + 1)
    assert len(bomb) < stored_files.LARGEST_FILE
    with pytest.raises(UnfitFileError, match="far larger"):
        read_file("letter.docx", bomb)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Писмо од 5. марта.pdf", "Писмо од 5. марта.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\letters\\our letter.PDF", "our letter.pdf"),
        ("innocent\u202efdp.exe", "innocentfdp.pdf"),
        ('a"b\r\nSet-Cookie: x\0.pdf', "a b Set-Cookie x.pdf"),
        ("letter.pdf.exe", "letter.pdf.pdf"),
        ("...", "file.pdf"),
        ("", "file.pdf"),
    ],
)
def test_a_name_is_kept_that_any_system_can_have(sent: str, kept: str) -> None:
    assert read_file(sent, PDF).name == kept


def test_a_long_name_is_cut_before_its_ending() -> None:
    name = read_file("ž" * 500 + ".pdf", PDF).name
    assert (len(name), name[-5:]) == (LONGEST_NAME, "ž.pdf")
