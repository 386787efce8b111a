"""Whether an office file brings a program along, be it macros or a control.

A word processor knows the macros of a DOCX file by two lists within it, whatever their part is
called: the types of all parts, and the relations that lead from one part to another. An ODT file
has its programs in folders of fixed names. Source: ECMA-376, part 2 (Open Packaging Conventions);
OASIS OpenDocument 1.3, part 2.
"""

import struct
import zipfile
import zlib
from xml.parsers import expat

PARTS = ("vbaproject.bin",)
FOLDERS = ("basic/", "scripts/", "word/activex/")
TYPES_OF_PARTS, RELATIONS = "[content_types].xml", ".rels"
# A list may be cut into pieces by the standard, which no word processor does.
PIECE = ".piece"
# What the lists call macros, their data, a document that may have them, and controls.
CALLED = ("vbaproject", "vbadata", "macroenabled", "activex", "relationships/control")
# A letter with pictures on each page has lists of some ten thousand bytes, a hundred elements in
# them, one below the other, and a list for each of its notes and margins.
LARGEST_LISTS = 1_000_000
MOST_ELEMENTS = 10_000
MOST_LISTS = 500
# The standard knows a list and what stands in it.
DEEPEST = 2
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
    if len(lists) > MOST_LISTS or sum(part.file_size for part in lists) > LARGEST_LISTS:
        raise UnreadableError
    if any(name.endswith(PIECE) for name in names):
        raise UnreadableError
    kinds = _Kinds()
    for part in lists:
        kinds.read(archive, part)
    return any(word in kind for kind in kinds.found for word in CALLED)


def _is_list(name: str) -> bool:
    return name == TYPES_OF_PARTS or name.endswith(RELATIONS)


class _Kinds:
    """What the lists of a file call the parts that they name, in small letters.

    All of them together have so many elements and no deeper ones, so that whoever waits for the
    writer waits for a few hundredths of a second.
    """

    def __init__(self) -> None:
        self.found: list[str] = []
        self._elements = 0
        self._depth = 0

    def read(self, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
        """Note what one list calls its parts. Raises UnreadableError."""
        if part.compress_type not in PACKED:
            raise UnreadableError
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._refuse
        try:
            parser.Parse(archive.read(part), True)
        except FAULTS as error:
            raise UnreadableError from error

    def _begin(self, _element: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._depth += 1
        if self._elements > MOST_ELEMENTS or self._depth > DEEPEST:
            raise UnreadableError
        self.found.extend(attributes.get(name, "").lower() for name in ("ContentType", "Type"))

    def _end(self, _element: str) -> None:
        self._depth -= 1

    def _refuse(self, *_declared: object) -> None:
        # The standard allows none in a list, and its entities could grow without end.
        raise UnreadableError
