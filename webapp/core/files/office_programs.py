"""Whether an office file brings a program along, be it macros or a control.

A word processor knows the macros of a DOCX file by two lists within it, whatever their part is
called: the types of all parts, and the relations that lead from one part to another. An ODT file
has its programs in folders of fixed names. Source: ECMA-376, part 2 (Open Packaging Conventions);
OASIS OpenDocument 1.3, part 2.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterable
from xml.parsers import expat

PARTS = ("vbaproject.bin",)
FOLDERS = ("basic/", "scripts/", "word/activex/")
TYPES_OF_PARTS, RELATIONS = "[content_types].xml", ".rels"
# What the lists call macros, their data, a document that may have them, and controls.
CALLED = ("vbaproject", "vbadata", "macroenabled", "activex", "relationships/control")
# A letter with pictures on each page has lists of some ten thousand bytes.
LARGEST_LISTS = 1_000_000
# The standard knows no other ways of packing, and these two unpack no more than is asked for.
PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}

# What reading a part of a damaged archive raises, and parsing what is no XML.
FAULTS = (
    zipfile.BadZipFile, zlib.error, struct.error, expat.ExpatError, LookupError, ValueError,
    OverflowError, RuntimeError, EOFError,
)  # fmt: skip


class UnreadableError(ValueError):
    """A list of parts that cannot be read."""


def has_program(archive: zipfile.ZipFile) -> bool:
    """Tell whether a part of an office file is a program. Nothing but its lists is unpacked.

    Raises UnreadableError.
    """
    parts = archive.infolist()
    names = [part.filename.lower().replace("\\", "/").lstrip("./") for part in parts]
    if any(name.endswith(PARTS) or name.startswith(FOLDERS) for name in names):
        return True
    lists = [part for part, name in zip(parts, names, strict=True) if _is_list(name)]
    if sum(part.file_size for part in lists) > LARGEST_LISTS:
        raise UnreadableError
    return any(word in kind for part in lists for kind in _kinds(archive, part) for word in CALLED)


def _is_list(name: str) -> bool:
    return name == TYPES_OF_PARTS or name.endswith(RELATIONS)


def _kinds(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterable[str]:
    """Return, in small letters, what a list calls the parts that it names."""
    found: list[str] = []

    def note(_element: str, attributes: dict[str, str]) -> None:
        found.extend(attributes.get(name, "").lower() for name in ("ContentType", "Type"))

    def refuse(*_declared: object) -> None:
        # The standard allows none in a list, and its entities could grow without end.
        raise UnreadableError

    parser = expat.ParserCreate()
    parser.StartElementHandler = note
    parser.StartDoctypeDeclHandler = refuse
    if part.compress_type not in PACKED:
        raise UnreadableError
    try:
        parser.Parse(archive.read(part), True)
    except FAULTS as error:
        raise UnreadableError from error
    return found
