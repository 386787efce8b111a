"""Texts that are stored and put into words when they are read, in the language of that moment.

A message is stored as it stands in the code, with its facts beside it. A text that is not in the
code any more is shown as it was stored, in English.
"""

from collections.abc import Callable, Iterator, Mapping, Set
from datetime import date, datetime
from typing import Any

from webapp.core.record.disclosure import Named, Person
from webapp.core.words.formats import period_name, periods_name
from webapp.core.words.translation import Deferred, LabelledEnum, Message, Words

# The functions that a stored text may ask when it is read.
_FUNCTIONS: Mapping[str, Callable[..., object]] = {
    "period": period_name,
    "periods": periods_name,
}

# The parts of what is put into words; other mappings may have texts among their parts.
_TEXTS = (
    frozenset({"text", "plural", "context", "facts"}),
    frozenset({"say", "of"}),
    frozenset({"name", "person"}),
)


def pack(words: object) -> Any:
    """Return a text, or a fact of one, as JSON can hold it."""
    if isinstance(words, LabelledEnum):
        words = words.label
    if isinstance(words, Message):
        return {
            "text": words.source,
            "plural": words.plural,
            "context": words.context,
            "facts": {name: pack(fact) for name, fact in words.facts.items() if _says(words, name)},
        }
    if isinstance(words, Named):
        return {"name": words.name, "person": list(words.person)}
    if isinstance(words, Deferred):
        return {"say": _name_of(words.say), "of": [pack(one) for one in words.arguments]}
    if isinstance(words, list | tuple):
        return {"list": [pack(one) for one in words]}
    if isinstance(words, date) and not isinstance(words, datetime):
        return {"day": words.isoformat()}
    if words is None or isinstance(words, str | int):
        return words
    raise TypeError(f"{words!r} cannot be stored and put into words later")


def _says(words: Message, name: str) -> bool:
    """Tell whether a text names this fact: what it does not say is not stored with it."""
    return f"%({name})" in words.source or (words.plural is not None and name == "num")


def fact_of(stored: Any, name: str) -> Any:
    """Return one of the facts that a stored text names, as it is stored; a plain text has none."""
    return stored["facts"].get(name) if isinstance(stored, dict) else None


def unpack(stored: Any) -> Any:
    """Return what `pack` was given; labels come back as messages."""
    if not isinstance(stored, dict):
        return stored
    if "day" in stored:
        return date.fromisoformat(stored["day"])
    if "list" in stored:
        return [unpack(one) for one in stored["list"]]
    if _is_person(stored):
        return Named(stored["name"], _person(stored))
    if "say" in stored:
        return Deferred(_FUNCTIONS[stored["say"]], *map(unpack, stored["of"]))
    facts = {name: unpack(fact) for name, fact in stored["facts"].items()}
    return Message(stored["text"], facts, plural=stored["plural"], context=stored["context"])


def unpack_words(stored: Any) -> str | Words:
    """Return a stored text, ready to be written."""
    found: str | Words = unpack(stored)
    return found


def is_text(stored: Any) -> bool:
    """Tell whether a stored value is a text, or a name, and no mapping of several."""
    return isinstance(stored, dict) and stored.keys() in _TEXTS


def in_words(stored: Any) -> Any:
    """Return a stored value with each text of it in words, of which the names are shown by it."""
    if isinstance(stored, list):
        return [in_words(one) for one in stored]
    if not isinstance(stored, dict):
        return stored
    if is_text(stored):
        return str(unpack(stored))
    return {name: in_words(one) for name, one in stored.items()}


def texts_in(stored: Any) -> Iterator[str]:
    """Yield every text of a stored value, and every fact of one that is a text itself."""
    if isinstance(stored, str):
        yield stored
    elif isinstance(stored, dict | list):
        for part in stored.values() if isinstance(stored, dict) else stored:
            yield from texts_in(part)


def people_in(stored: Any) -> set[Person]:
    """Return whom a stored text names, or the texts of a list or mapping."""
    if isinstance(stored, list):
        return {person for one in stored for person in people_in(one)}
    if not isinstance(stored, dict):
        return set()
    return {_person(stored)} if _is_person(stored) else people_in(list(stored.values()))


def with_other_name(stored: Any, people: Set[Person], name: str) -> Any:
    """Return a stored text in which some people are called by another name."""
    if isinstance(stored, list):
        return [with_other_name(one, people, name) for one in stored]
    if not isinstance(stored, dict):
        return stored
    if _is_person(stored):
        return stored | {"name": name} if _person(stored) in people else stored
    return {key: with_other_name(one, people, name) for key, one in stored.items()}


def _is_person(stored: dict[str, Any]) -> bool:
    """Tell whether this is a name, and not the facts of a text that are called so."""
    return stored.keys() == {"name", "person"} and isinstance(stored["person"], list)


def _person(stored: dict[str, Any]) -> Person:
    table, number = stored["person"]
    return table, number


def _name_of(function: Callable[..., object]) -> str:
    for name, known in _FUNCTIONS.items():
        if known is function:
            return name
    raise TypeError(f"{function!r} is not among the functions that stored texts may ask")
