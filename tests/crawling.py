"""Walking through the platform as a visitor would: every page that links lead to."""

from collections import Counter
from urllib.parse import urljoin, urlsplit

from tests.databases import forget_limits
from tests.pages import Form, Page, Pages

# Of the pages that one endpoint gives, so many are looked at: the states of things differ.
PER_ENDPOINT = 30
# What in an address says of which thing it is, though it is no number: forms of each are alike.
THINGS = {"code", "digest", "token"}


def crawl(pages: Pages, *starts: str) -> list[Page]:
    """Return each page that can be reached from `starts`; every link must lead to a page."""
    waiting, seen = [*starts], set(starts)
    found: list[Page] = []
    visits: Counter[str] = Counter()
    while waiting:
        url = waiting.pop(0)
        endpoint, _ = pages.app.url_map.bind("localhost").match(urlsplit(url).path)
        visits[endpoint] += 1
        if not visits.total() % 30:
            forget_limits(pages.app)
        if visits[endpoint] > PER_ENDPOINT or endpoint in {"static", "bootstrap.static"}:
            continue
        page = pages.get(url)
        if page.response.mimetype != "text/html":
            continue  # A file, which links to nothing.
        found.append(page)
        for address in page.addresses:
            target = urlsplit(urljoin(f"http://localhost{url}", address))
            path = f"{target.path}?{target.query}" if target.query else target.path
            if target.netloc == "localhost" and path not in seen:
                seen.add(path)
                waiting.append(path)
    return found


def forms_of(found: list[Page], method: str = "POST") -> list[Form]:
    """Return the forms of these pages, one of each kind that one endpoint takes."""
    kinds: dict[tuple[str, tuple[str, ...]], Form] = {}
    for page in found:
        for form in page.forms:
            if form.method == method:
                path = urlsplit(form.action).path
                matcher = page.pages.app.url_map.bind("localhost")
                endpoint, arguments = matcher.match(path, method)
                words = tuple(
                    value
                    for name, value in arguments.items()
                    if isinstance(value, str) and name not in THINGS
                )
                kinds.setdefault((endpoint, words), form)
    return list(kinds.values())


def is_text(form: Form, name: str) -> bool:
    """Tell whether people write in the field `name`."""
    control = next(c for c in form.controls if c.get("name") == name)
    writes = control.tag == "textarea" or control.get("type") == "text"
    return writes and control.get("inputmode") not in {"numeric", "decimal"}
