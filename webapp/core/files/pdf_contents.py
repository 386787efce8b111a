"""Whether a PDF file has a script, another file, or an action that starts a program.

Each of these has a name of its own, which stands as it is wherever objects stand as they are. In
newer files most objects are packed in streams of objects; those are unpacked up to a bound, and
what cannot be is refused. Nothing of the file is executed, drawn or followed. Who hides a name on
purpose in what only looks like such a file may pass. Source: ISO 32000-1, 7.3.5 (names), 7.5.7
(object streams), 7.6 (encryption), 12.6.4 (actions).
"""

import re
import zlib
from collections.abc import Iterator

from webapp.core.files.brought import Brought, UnreadableError

# What ends a name: a blank, a delimiter, or the file.
_ENDS = rb"(?=[\x00\t\n\f\r ()<>\[\]{}/%]|$)"
_ACTS = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|FileAttachment|RichMedia|GoToE|ImportData)" + _ENDS
    # A file within the file need not say that it is one; what has one says so.
    + rb"|/EF[\s\x00]*(?:<<|\d+[\s\x00]+\d+[\s\x00]+R)"
)  # fmt: skip
_ENCRYPTED = re.compile(rb"/Encrypt" + _ENDS)
# A sign of a name may be written by its number.
_BY_NUMBER = re.compile(rb"#([0-9A-Fa-f]{2})")
# The standard wants a line to end here; readers also take one that ends as it should not, and some
# skip what stands before the end.
_BEGINS = re.compile(rb"(?<!end)stream(?:[ \t]*(\r\n?|\n))?")
_ENDSTREAM = b"endstream"
# The dictionary of a stream of objects stands before it and has some ten short entries.
_LONGEST_DICTIONARY = 1_000
_OF_BEFORE = re.compile(rb"endobj|endstream")
# A letter of 5 MB has some thousand streams, some hundred with objects in them of a few MB, and
# hardly a name with a sign by its number. Whoever sends more shall not keep others waiting.
MOST_STREAMS = 20_000
MOST_OF_OBJECTS = 500
LARGEST_OBJECTS = 20_000_000
MOST_BY_NUMBER = 50_000


def find_brought(data: bytes) -> Brought | None:
    """Return what a PDF file brings along, if anything. Raises UnreadableError."""
    spelled = _spelled(data)
    if _ACTS.search(spelled):
        return Brought.ACTION
    if _ENCRYPTED.search(spelled):
        return Brought.RESTRICTED
    if any(_ACTS.search(_spelled(objects)) for objects in _packed_objects(data)):
        return Brought.ACTION
    return None


def _spelled(data: bytes) -> bytes:
    """Return the data with every sign as itself that is written by its number."""
    spelled, number = _BY_NUMBER.subn(
        lambda found: bytes([int(found[1], 16)]), data, MOST_BY_NUMBER
    )
    if number == MOST_BY_NUMBER:
        raise UnreadableError
    return spelled


def _packed_objects(data: bytes) -> Iterator[bytes]:
    left, of_objects, end = LARGEST_OBJECTS, 0, 0
    for number, begin in enumerate(_BEGINS.finditer(data)):
        if number >= MOST_STREAMS:
            raise UnreadableError
        before = _spelled(data[max(0, begin.start() - _LONGEST_DICTIONARY) : begin.start()])
        if b"ObjStm" not in before:
            continue
        of_objects += 1
        if of_objects > MOST_OF_OBJECTS:
            raise UnreadableError
        if end < begin.end():
            found = data.find(_ENDSTREAM, begin.end())
            end = len(data) if found < 0 else found
        dictionary = _OF_BEFORE.split(before)[-1]
        if begin[1] is None and b"ObjStm" in dictionary:
            raise UnreadableError
        objects = _unpacked(memoryview(data)[begin.end() : end], dictionary, left)
        left -= len(objects)
        yield objects


def _unpacked(packed: memoryview, dictionary: bytes, most: int) -> bytes:
    """Return the objects of a stream; nothing of one that only follows a stream of objects."""
    is_surely = b"ObjStm" in dictionary
    if is_surely and b"Filter" not in dictionary:
        return b""  # They stand there as they are, and were seen.
    unpacking = zlib.decompressobj()
    try:
        objects = unpacking.decompress(packed, most + 1)
    except zlib.error as error:
        if is_surely:
            raise UnreadableError from error
        return b""
    if len(objects) > most or (is_surely and b"Predictor" in dictionary):
        raise UnreadableError
    return objects
