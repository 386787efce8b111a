"""What is wrong with a page of the platform: the rules that every page keeps.

`faults` reads HTML alone, so that the rules can be tested with bad examples; tests/pages.py applies
them to every answer that a test gets.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib

LARGEST = 100_000
# Types of inputs that nobody fills in, so that they need no label.
UNLABELLED = frozenset({"hidden", "submit", "button", "reset", "image"})
CONTROLS = ("input", "select", "textarea")
URL_ATTRIBUTES = {
    "a": "href",
    "link": "href",
    "form": "action",
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "button": "formaction",
}
Resolve = Callable[[str, str], bool]


@dataclass(frozen=True)
class Document:
    """A page as it was read: its tree without namespaces, and what the parser complained about."""

    text: str
    tree: Element
    complaints: list[str]


def parse(text: str) -> Document:
    """Read a page."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    tree = parser.parse(text)
    complaints = [f"HTML: {code} {data or ''} at {place}" for place, code, data in parser.errors]
    return Document(text, tree, complaints)


def text_of(element: Element | None) -> str:
    """Return the text of an element as it reads, spaces made single."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


class Labels:
    """The words that name each control of a tree to somebody who cannot see it."""

    def __init__(self, tree: Element) -> None:
        self.ids = {element.get("id"): element for element in tree.iter() if element.get("id")}
        self.of_id: dict[str | None, Element] = {}
        self.around: dict[Element, Element] = {}
        for label in tree.iter("label"):
            self.of_id.setdefault(label.get("for"), label)
            for inside in label.iter():
                self.around.setdefault(inside, label)

    def of(self, control: Element) -> str:
        """Return the words, none if nothing names the control."""
        if control.get("aria-label"):
            return str(control.get("aria-label"))
        if control.get("aria-labelledby"):
            named = str(control.get("aria-labelledby")).split()
            return " ".join(text_of(self.ids.get(name)) for name in named).strip()
        if control.get("id") and control.get("id") in self.of_id:
            return text_of(self.of_id[control.get("id")])
        return text_of(self.around.get(control))


def faults(page: Document, url: str, resolve: Resolve, *, largest: int = LARGEST) -> list[str]:
    """Return a sentence for each rule that the page at `url` breaks.

    `resolve(path, method)` tells whether the platform answers there.
    """
    found = list(page.complaints)
    if len(page.text.encode()) > largest:
        found.append(f"the page has {len(page.text.encode()):,} bytes")
    for check in (_outline, _unique_ids, _references, _labels, _cuts, _images, _inline, _csrf):
        found.extend(check(page.tree))
    found.extend(_addresses(page.tree, url, resolve))
    return found


def _outline(tree: Element) -> Iterator[str]:
    if not tree.get("lang"):
        yield "the page does not say its language"
    titles = [text_of(title) for title in tree.findall("./head/title")]
    # Every title ends with the platform's name; what stands before it is the page's own.
    if len(titles) != 1 or not re.match(r"[^–].* – ", titles[0]):
        yield f"the page has no title of its own: {titles}"
    headings = [text_of(heading) for heading in tree.iter("h1")]
    if len(headings) != 1 or not headings[0]:
        yield f"the page has {len(headings)} main headings: {headings}"
    last = 1
    for heading in tree.iter():
        if re.fullmatch("h[1-6]", str(heading.tag)):
            level = int(str(heading.tag)[1])
            if level > last + 1:
                yield f"heading “{text_of(heading)}” skips from level {last} to {level}"
            last = level


def _unique_ids(tree: Element) -> Iterator[str]:
    ids = Counter(element.get("id") for element in tree.iter() if element.get("id") is not None)
    for name, times in ids.items():
        if times > 1 or not name:
            yield f"id “{name}” stands {times} times"


def _references(tree: Element) -> Iterator[str]:
    ids = {element.get("id") for element in tree.iter()}
    for element in tree.iter():
        for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
            for name in (element.get(attribute) or "").split():
                if name not in ids:
                    yield f"{attribute}=“{name}” names no element"


def _labels(tree: Element) -> Iterator[str]:
    labels = Labels(tree)
    for control in tree.iter():
        if control.tag in CONTROLS and control.get("type", "text") not in UNLABELLED:
            if not labels.of(control):
                yield f"{control.tag} “{control.get('name')}” has no label"
        elif control.tag in {"button", "a"} and not _has_words(control):
            yield f"{control.tag} without words: {control.attrib}"


def _cuts(tree: Element) -> Iterator[str]:
    for control in tree.iter():
        if control.tag in CONTROLS and control.get("maxlength"):
            yield f"“{control.get('name')}” cuts a pasted text without a word"


def _has_words(element: Element) -> bool:
    pictures = " ".join(picture.get("alt", "") for picture in element.iter("img"))
    return bool(element.get("aria-label") or text_of(element) or pictures.strip())


def _images(tree: Element) -> Iterator[str]:
    for image in tree.iter("img"):
        if image.get("alt") is None:
            yield f"image {image.get('src')} has no alt text"


def _inline(tree: Element) -> Iterator[str]:
    for element in tree.iter():
        if element.tag == "style" or element.get("style") is not None:
            yield f"inline style at {element.tag} {element.attrib}"
        if element.tag == "script" and not element.get("src"):
            yield "inline script"
        for name, value in element.attrib.items():
            if name.lower().startswith("on"):
                yield f"inline handler {name} at {element.tag}"
            if value.strip().lower().startswith("javascript:"):
                yield f"script as address in {name} at {element.tag}"


def _csrf(tree: Element) -> Iterator[str]:
    for form in tree.iter("form"):
        if form.get("method", "get").lower() != "post":
            continue
        tokens = [field for field in form.iter("input") if field.get("name") == "csrf_token"]
        if len(tokens) != 1 or not tokens[0].get("value"):
            yield f"form to {form.get('action')} has {len(tokens)} CSRF tokens"


def _addresses(tree: Element, url: str, resolve: Resolve) -> Iterator[str]:
    ids = {element.get("id") for element in tree.iter()}
    for element in tree.iter():
        address = element.get(URL_ATTRIBUTES.get(str(element.tag), ""))
        if address is None:
            continue
        target = urlsplit(urljoin(f"http://localhost{url}", address))
        method = element.get("method", "get").upper() if element.tag == "form" else "GET"
        if target.netloc != "localhost":
            if not _may_leave(element, target.scheme):
                yield f"{element.tag} leads to another host: {address}"
        elif address.startswith("#"):
            if address[1:] and address[1:] not in ids:
                yield f"link to {address}, which is not on the page"
        elif not resolve(target.path, method):
            yield f"{element.tag} leads to {method} {address}, which does not exist"


def _may_leave(element: Element, scheme: str) -> bool:
    """Tell whether this kind of element may name something that is not on the platform."""
    return scheme in {"a": {"https", "mailto", "tel"}, "img": {"data"}}.get(str(element.tag), set())
