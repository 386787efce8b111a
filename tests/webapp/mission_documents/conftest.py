"""What tests of documents have in common."""

import pytest

from webapp.mission_documents import sweep


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the page itself, where it does not matter that it is a PDF file."""
    monkeypatch.setattr(sweep, "make_pdf", str.encode)
