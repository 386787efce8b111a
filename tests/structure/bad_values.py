"""Values that no page lets anybody type, what of a form takes them, and the answers that fit."""

from collections.abc import Iterable
from urllib.parse import quote_plus

from tests.pages import Form
from tests.structure.test_csrf import without_token

FINE = {200, 302, 303, 400, 404, 409, 413}
RIGHT_TO_LEFT = "\u202e"

# Raw bytes, because a browser's text could not hold all of them.
BAD_VALUES: dict[str, bytes] = {
    "nothing": b"",
    "a space": b" ",
    "NUL": b"a\x00b",
    "a lone surrogate": b"a\xed\xa0\x80b",
    "not UTF-8": b"\xff\xfe",
    "right-to-left override": f"a{RIGHT_TO_LEFT}b".encode(),
    "a noncharacter and a control": "a\ufdd0\uffff\x85\x1bb".encode(),
    "emoji": "👩🏽‍🚒🇽🇰".encode(),
    "characters without width": "\u200b\u2060\ufeff".encode(),
    "combining marks": ("a" + "\u0301" * 500).encode(),
    "far too long": b"x" * 300_000,
    "a word of 5,000 letters": "ж".encode() * 5000,
    "a line break and a header": b"a\r\nBcc: somebody@example.org\r\n\r\nb",
    "markup": b"\"'><script>alert(1)</script><img src=x onerror=alert(1)>",
    "a template": b"{{ 7 * 7 }}{% raw %}${7*7}",
    "a formula": b'=HYPERLINK("https://example.org")',
    "SQL": b"'; DROP TABLE account; --",
    "a day that is not": b"2031-02-30",
    "a day before all days": b"0000-00-00",
    "the first day of all": b"0001-01-01",
    "the last day of all": b"9999-12-31",
    "a day with a long year": b"99999-01-01",
    "a day in other words": b"5.11.2018",
    "a negative number": b"-1",
    "zero": b"0",
    "a broken number": b"1.5",
    "an endless number": b"9" * 5000,
    "a number beyond floats": b"9" * 309,
    "a number of 4,300 digits": b"9" * 4300,
    "a negative number beyond floats": b"-" + b"9" * 400,
    "a day that may be two": b"05/11/2018",
    "a day in digits of another script": "٥.١١.٢٠١٨".encode(),
    "the day zero": b"0.0.0000",
    "pasted from an office program": "\u200ea\x0bb\x0cc\x85d\u2028e\u2029f\tg\u00a0h".encode(),
    "a number beyond 64 bits": b"9223372036854775808",
    "a number beyond 32 bits": b"2147483648",
    "a superscript": "²".encode(),
    "digits of full width": "１２".encode(),
    "infinity": b"1e999",
    "NaN": b"NaN",
    "true": b"true",
    "a list": b"[1, 2]",
}
# Tried in each field by itself as well, with all others as they were.
ALONE = (
    "nothing", "NUL", "an endless number", "a superscript", "a number beyond 64 bits",
    "a number beyond floats",
)  # fmt: skip

IN_QUERIES = (
    "a space", "NUL", "a lone surrogate", "not UTF-8", "far too long", "markup", "zero",
    "a negative number", "an endless number", "a number beyond 64 bits", "a superscript",
    "a noncharacter and a control", "a number beyond floats", "a number of 4,300 digits",
    "a negative number beyond floats",
)  # fmt: skip


def encoded(fields: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a body as a browser would send it, whatever the bytes are."""
    return b"&".join(
        quote_plus(name).encode() + b"=" + quote_plus(value).encode() for name, value in fields
    )


def as_bytes(form: Form) -> dict[str, list[bytes]]:
    """Return what the form would send, but for its token."""
    return {name: [text.encode() for text in texts] for name, texts in without_token(form).items()}


def all_names(form: Form) -> list[str]:
    """Return the names of everything that can be sent, of unticked boxes as well."""
    names = dict.fromkeys(str(control.get("name")) for control in form.controls)
    return [name for name in names if name != "csrf_token"]
