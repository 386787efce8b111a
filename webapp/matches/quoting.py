"""What an explanation that was kept may still quote of a profile: what stands there yet."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

# The entries of a profile that its owner writes, as the matcher calls them, and what is kept of one
# that does not stand there any more: its share of the score alone.
WRITTEN = frozenset({"summary", "experience", "training"})
REMOVED: dict[str, Any] = {
    "title": "", "text": "", "sentence": "", "start": 0, "end": 0, "highlights": [],
    "removed": True,
}  # fmt: skip


@dataclass(frozen=True)
class Written:
    """An entry of a profile as it reads now; `kind` is what the matcher calls it."""

    kind: str
    title: str
    description: str = ""

    @property
    def text(self) -> str:
        """Return all that is read of the entry; white space is as in `_squeezed`."""
        return _squeezed(f"{self.title} {self.description}")

    def holds(self, sentence: str) -> bool:
        """Tell whether a sentence that was quoted stands in the entry."""
        parts = (_squeezed(self.title), _squeezed(self.description), self.text)
        return any(_squeezed(sentence) in part for part in parts)


def as_written_now(explanation: dict[str, Any], written: Collection[Written]) -> dict[str, Any]:
    """Return an explanation that quotes only what stands in the profile, of which these are left.

    Shares and subjects stay as they were seen.
    """
    entries = [_entry_as_written_now(entry, written) for entry in explanation["entries"]]
    if entries == explanation["entries"]:
        return explanation
    claimed = [entry["text"] for entry in entries if entry["kind"] not in WRITTEN]
    stands = "\n".join([*claimed, *(entry.text for entry in written)]).casefold()
    told = {
        part: [_found_in(stands, share) for share in explanation.get(part, [])]
        for part in ("terms", "besides")
    }
    return explanation | {"entries": entries} | told


def _found_in(stands: str, share: dict[str, Any]) -> dict[str, Any]:
    """Return a share with those of its wordings that still stand in the profile."""
    found = [wording for wording in share["found"].split(", ") if wording.casefold() in stands]
    return share | {"found": ", ".join(found)}


def _entry_as_written_now(entry: dict[str, Any], written: Collection[Written]) -> dict[str, Any]:
    if entry["kind"] not in WRITTEN or entry.get("removed"):
        return entry
    sentence = entry["sentence"]
    holding = [one for one in written if one.kind == entry["kind"] and one.holds(sentence)]
    if not holding:
        return entry | REMOVED
    title = entry["title"] if entry["title"] in {one.title for one in holding} else ""
    if title and _squeezed(entry["text"]) in {one.text for one in holding}:
        return entry
    # The sentence is all of the entry that is sure to stand there yet.
    return entry | {"title": title, "text": sentence, "start": 0, "end": len(sentence)}


def _squeezed(text: str) -> str:
    """Return a text with one space wherever there is white space: entries are joined with some."""
    return " ".join(text.split())
