"""What the report of a period says: on its page, in its table, and in its document."""

import io
import zipfile
from typing import Any
from xml.etree import ElementTree

from pypdf import PdfReader

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def figures(page: Any) -> dict[str, int]:
    """Return the numbers of a page by their labels."""
    found = page.locator("dl.figures > div")
    return dict(
        zip(
            found.locator("dt").all_inner_texts(),
            map(int, found.locator("dd").all_inner_texts()),
            strict=True,
        )
    )


def table(page: Any, name: str) -> dict[str, list[str]]:
    """Return what stands in the lines of a table, by what they are about."""
    lines = page.locator(f"figure#{name} tbody tr").all()
    return {line.locator("th").inner_text(): line.locator("td").all_inner_texts() for line in lines}


def lines_of_xlsx(page: Any, address: str) -> list[list[str]]:
    """Return the cells of each line of a table that is downloaded."""
    with zipfile.ZipFile(io.BytesIO(_download(page, address))) as archive:
        # It is our own.
        root = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))  # noqa: S314
    return [["".join(cell.itertext()) for cell in row] for row in root.iter(f"{SHEET}row")]


def text_of_pdf(page: Any, address: str) -> str:
    """Return the words of a document that is downloaded, which has to be tagged."""
    document = PdfReader(io.BytesIO(_download(page, address)))
    root: Any = document.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    return " ".join(" ".join(part.extract_text().split()) for part in document.pages)


def _download(page: Any, address: str) -> bytes:
    answer = page.context.request.get(address)
    assert answer.ok
    return bytes(answer.body())
