"""What a file is by its content, and under which name it is kept."""

import io
import zipfile

import pytest

from webapp.core.files import stored_files
from webapp.core.files.stored_files import LONGEST_NAME, FileKind, UnfitFileError, read_file

PDF = b"%PDF-1.7\n"
ODT = ("content.xml", "META-INF/manifest.xml")


def archive(*parts: str, size: int = 1) -> bytes:
    """Return an archive with parts of so many bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in parts:
            packed.writestr(name, b"0" * size)
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("letter.pdf", PDF, FileKind.PDF),
        ("letter.exe", PDF, FileKind.PDF),
        ("letter.docx", archive("word/document.xml"), FileKind.DOCX),
        ("letter", archive(*ODT), FileKind.ODT),
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
        (archive(*ODT, "Basic/Standard/Module1.xml"), "macros"),
        (archive(*ODT, "Scripts/python/module.py"), "macros"),
        (PDF + b"0" * stored_files.LARGEST_FILE, "larger than 5 MB"),
    ],
)
def test_other_files_are_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(UnfitFileError, match=words):
        read_file("letter.pdf", data)


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
