"""PDF files made of pages: tagged, so that screen readers read them, and nothing loaded for them.

WeasyPrint lays them out in a process of its own, which takes its memory along when it ends and
keeps no thread of a worker from answering. It needs Pango, a library of the system.
"""

import logging
import subprocess
import sys
import threading
from http import HTTPStatus
from pathlib import Path

from webapp.core.db import let_go
from webapp.core.errors import DomainError, TooOftenError
from webapp.core.words.translation import _

log = logging.getLogger(__name__)

# A document of a hundred pages takes a third of this, and a proxy that waits for a minute is told
# in our words that it took too long (proxy_read_timeout in deploy/nginx.conf).
SECONDS_AT_MOST = 50
_STYLES = Path(__file__).resolve().parents[2] / "templates" / "document.css"
# The process ends at once when the file is written. One that ended in order, and so unloaded its
# libraries, was twice seen to die of a jump to where none is any more (SIGSEGV): Pango looks for
# fonts in a thread of its own, which may still run then.
_MAKING = """
import os, sys
from weasyprint import CSS, HTML
def nothing(url, *_, **__):
    raise ValueError(f"nothing is loaded for a document: {url}")
html = sys.stdin.buffer.read().decode()
made = HTML(string=html, url_fetcher=nothing).write_pdf(
    stylesheets=[CSS(filename=sys.argv[1], url_fetcher=nothing)], pdf_variant="pdf/ua-1"
)
sys.stdout.buffer.write(made)
sys.stdout.buffer.flush()
os._exit(0)
"""


class NoDocumentError(DomainError):
    """A PDF file could not be made; the log of the server says why."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


# Each takes a processor and much memory for seconds, and others are served meanwhile.
_making = threading.BoundedSemaphore(1)
WAITING_AT_MOST = 5.0


def make_pdf(html: str) -> bytes:
    """Return a page as a PDF file.

    It takes seconds, so the transaction of this context is over before it begins: nobody waits for
    a lock of it, and its connection serves others. Raises `NoDocumentError` if no file can be made
    here, `TooOftenError` while others are made, and RuntimeError within a transaction that may
    write, whose changes would be lost.
    """
    let_go()
    if not _making.acquire(timeout=WAITING_AT_MOST):
        raise TooOftenError(_("Other documents are being made. Please try again in a minute."), 60)
    try:
        return lay_out(html)
    finally:
        _making.release()


def lay_out(html: str) -> bytes:
    """Return a page as a PDF file, in a process of its own. Raises `NoDocumentError`."""
    try:
        made = subprocess.run(  # noqa: S603 - This very program; the page comes by its input.
            [sys.executable, "-I", "-c", _MAKING, str(_STYLES)],
            input=html.encode(),
            capture_output=True,
            timeout=SECONDS_AT_MOST,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        log.warning(
            "no PDF file could be made: %s", (error.stderr or b"").decode()[-2000:] or error
        )
        raise NoDocumentError(
            _("The PDF file could not be made, and nothing was changed. Please tell SEESAC.")
        ) from error
    return made.stdout
