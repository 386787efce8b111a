"""How a document is asked for, made by the job worker, and saved."""

from typing import Any

from tests.pages import Pages
from webapp.mission_documents import sweep


def save(pages: Pages, address: str, language: str = "en") -> Any:
    """Let a document be made and return the answer with its file, or that which refuses it."""
    sent = {"language": language, "csrf_token": pages.own_token()}
    answer = pages.client.post(address, data=sent)
    if answer.status_code != 302:
        return answer
    with pages.client.application.app_context():
        sweep.run_due()
    return pages.client.get(f"{answer.location}.pdf")
