"""What a browser calls itself, in words."""

import re

from webapp.core.words.translation import Message, _

# The first that is found counts: most browsers call themselves by the names of others as well.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser_name(written: str) -> str | Message:
    """Return "Firefox, Android" for what a browser sends of itself, or that it is not known."""
    found = [
        next((name for sign, name in signs if re.search(sign, written)), "")
        for signs in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(filter(None, found)) or _("A browser that is not known")
