"""What of a sent form somebody has typed or chosen, told from what its page had put there."""

import re
from collections.abc import Iterable

# The name of the hidden field in which a form says how far the log went.
DRAWN_AT = "drawn_at"
# By these a form shows who wrote it, and from which kept text it came.
WRITER, TOKEN, PAGE = "writer", "kept_text", "kept_page"
# They belong to a session or a page.
OF_THE_PAGE = frozenset({"csrf_token", WRITER, TOKEN, PAGE})
# They make the form the same again, but nobody typed them.
NOT_TYPED = frozenset({
    "version", "seen", "form_token", "action", "step", DRAWN_AT, "newest", "draft", "digest",
    "text_version", "text_language", "deployment_id", "gone_version", "kept_version", "told_apart",
    "days",
})  # fmt: skip
# So does the language in which a page has asked for the summary of each who is proposed.
ASKED_IN = re.compile(r"match-[0-9]+-language")
# Codes of a second factor, and a passkey's answer.
SECRET = frozenset({"code", "credential"})
# What a box sends that is ticked and has no name of its own.
TICKED = frozenset({"y", "on", "true"})


def is_password(name: str) -> bool:
    """Tell whether what is sent under this name is one's password."""
    return "password" in name.casefold()


def typed(sent: Iterable[tuple[str, str]]) -> list[str]:
    """Return what people gave in words, days, numbers and choices."""
    given = (value for name, value in sent if not is_of_the_form(name))
    return [value for value in given if value.strip()]


def is_of_the_form(name: str) -> bool:
    """Tell whether a page puts there by itself what is sent under this name."""
    return name in OF_THE_PAGE | NOT_TYPED or ASKED_IN.fullmatch(name) is not None


def showable(sent: Iterable[tuple[str, str]]) -> list[str]:
    """Return what of that may be shown again, each once: nothing secret, and no box that was
    ticked, which says nothing by itself."""
    shown = [one for one in sent if not is_password(one[0]) and one[0] not in SECRET]
    return [value for value in dict.fromkeys(typed(shown)) if value not in TICKED]
