"""Whether an office file brings a program along, a part that another program opens, or fetches
something from another computer.

A word processor knows the macros of a DOCX file by two lists within it, whatever their part is
called: the types of all parts, and the relations that lead from one part to another. An ODT file
has its programs in folders of fixed names, and its manifest says what its parts are. Source:
ECMA-376, part 2 (Open Packaging Conventions); OASIS OpenDocument 1.3, parts 2 and 3.
"""

import re
import struct
import zipfile
import zlib
from urllib.parse import unquote
from xml.parsers import expat

from webapp.core.files.brought import Brought, UnreadableError

PARTS = ("vbaproject.bin",)
FOLDERS = ("basic/", "scripts/", "word/activex/")
TYPES_OF_PARTS, RELATIONS, MANIFEST = "[content_types].xml", ".rels", "meta-inf/manifest.xml"
# A list may be cut into pieces by the standard, which no word processor does.
PIECE = ".piece"
# What the lists call macros, their data, a document that may have them, and controls.
CALLED = ("vbaproject", "vbadata", "macroenabled", "activex", "relationships/control")
# What they call a part that another program has made and opens. The numbers of a diagram are a
# workbook without macros beside it, which is left to it.
OBJECTS = ("oleobject",)
EMBEDDED, OF_DIAGRAM = "word/embeddings/", ".xlsx"
# A link is followed when somebody presses it; whatever else is elsewhere, when the file is opened.
PRESSED = "/hyperlink"
# The template of most letters is on the disk of who wrote them, where no other computer looks.
# Whatever could be read as the name of one is not on it: two slashes, also with blanks between.
LOCAL = re.compile(
    r"(file:/{0,3})?[a-z]:[\\/](?![\\/]).*|(?!.*[\\/]\s*[\\/])[^:%\x00-\x1f]*",
    re.IGNORECASE | re.DOTALL,
)
# The attributes of a list that say what a part is.
KINDS = ("ContentType", "Type", "media-type")
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


def find_brought(archive: zipfile.ZipFile) -> Brought | None:
    """Return what an office file brings along, if anything. Nothing but its lists is unpacked.

    Raises UnreadableError.
    """
    parts = archive.infolist()
    names = [part.filename.lower().replace("\\", "/").lstrip("./") for part in parts]
    if any(name.endswith(PARTS) or name.startswith(FOLDERS) for name in names):
        return Brought.PROGRAM
    lists = [part for part, name in zip(parts, names, strict=True) if _is_list(name)]
    if len(lists) > MOST_LISTS or sum(part.file_size for part in lists) > LARGEST_LISTS:
        raise UnreadableError
    if any(name.endswith(PIECE) for name in names):
        raise UnreadableError
    kinds = _Kinds()
    for part in lists:
        kinds.read(archive, part)
    return kinds.brought() or (Brought.OBJECT if any(map(_is_object, names)) else None)


def _is_list(name: str) -> bool:
    return name in {TYPES_OF_PARTS, MANIFEST} or name.endswith(RELATIONS)


def _is_object(name: str) -> bool:
    return name.startswith(EMBEDDED) and not name.endswith((OF_DIAGRAM, "/"))


def _is_local(target: str) -> bool:
    """Tell whether something stands on the disk of who wrote the file, or beside the file."""
    return LOCAL.fullmatch(unquote(target).strip()) is not None


class _Kinds:
    """What the lists of a file call the parts that they name, in small letters.

    All of them together have so many elements and no deeper ones, so that whoever waits for the
    writer waits for a few hundredths of a second.
    """

    def __init__(self) -> None:
        self._called: list[str] = []
        self._is_elsewhere = False
        self._is_encrypted = False
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

    def brought(self) -> Brought | None:
        """Return what the lists that were read say of the file."""
        if self._is_encrypted:
            return Brought.PROTECTED
        if self._calls(CALLED):
            return Brought.PROGRAM
        if self._calls(OBJECTS):
            return Brought.OBJECT
        return Brought.ELSEWHERE if self._is_elsewhere else None

    def _calls(self, words: tuple[str, ...]) -> bool:
        return any(word in kind for kind in self._called for word in words)

    def _begin(self, element: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._depth += 1
        self._is_encrypted |= element.endswith("encryption-data")
        if self._elements > MOST_ELEMENTS or (self._depth > DEEPEST and not self._is_encrypted):
            raise UnreadableError
        kinds = (value for name, value in attributes.items() if name.endswith(KINDS))
        self._called.extend(map(str.lower, kinds))
        if attributes.get("TargetMode", "").lower() == "external":
            is_pressed = attributes.get("Type", "").lower().endswith(PRESSED)
            self._is_elsewhere |= not is_pressed and not _is_local(attributes.get("Target", ""))

    def _end(self, _element: str) -> None:
        self._depth -= 1

    def _refuse(self, *_declared: object) -> None:
        # The standard allows none in a list, and its entities could grow without end.
        raise UnreadableError
