"""Tables of wordings that are kept in a file are those that would be made."""

import os
import stat

import pytest

from matcher import build_thesaurus, default_thesaurus
from matcher.thesaurus import kept_wordings
from matcher.thesaurus.model import Sense
from matcher.thesaurus.wordings import tables_of

WORDS = ("to mark", "ledger", "polisi", "hand over", "=policewomen")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "expert-matcher"


@pytest.fixture
def senses():
    numbers = range(kept_wordings._WORTH_KEEPING)
    return [Sense(f"s{n}", {"en": (f"{WORDS[n % len(WORDS)]} {n}x",)}) for n in numbers]


def _tables(senses, digest="rows"):
    return kept_wordings.wordings_of(digest, [], senses).tables


def _decoded(tables, names):
    return {name: tables[name] for name in names}


@pytest.mark.long
@pytest.mark.thorough
def test_what_is_kept_of_the_shipped_thesaurus_is_what_is_made(folder):
    shipped = default_thesaurus()
    rows = shipped.concepts.values(), shipped.senses.values()
    made = tables_of(*rows)
    kept_wordings.wordings_of(shipped.digest, *rows)
    read = kept_wordings.wordings_of(shipped.digest, *rows).tables
    assert type(read) is not dict
    assert _decoded(read, made) == made


def test_what_is_kept_is_not_made_again(folder, senses, monkeypatch):
    made = _tables(senses)
    monkeypatch.setattr(kept_wordings, "tables_of", None)
    assert _decoded(_tables(senses), made) == made


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:0],
        lambda content: content[:-1],
        lambda content: content.replace(b"ledger", b"lodger", 1),
        lambda content: b"0" * 64 + content[64:],
        lambda content: content.split(b"\n", 1)[1],
    ],
)
def test_a_damaged_file_is_made_again(folder, senses, damage):
    made = _tables(senses)
    (file,) = folder.iterdir()
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    assert _decoded(_tables(senses), made) == made
    assert file.read_bytes() == whole


def test_other_rows_and_other_readings_of_words_have_files_of_their_own(
    folder, senses, monkeypatch
):
    _tables(senses)
    _tables(senses, digest="other rows")
    monkeypatch.setattr(kept_wordings, "_reading_digest", lambda: "other code")
    _tables(senses)
    assert len(list(folder.iterdir())) == 3


def test_files_of_old_editions_go_and_the_newest_stay(folder, senses):
    for edition in range(8):
        _tables(senses, digest=f"edition {edition}")
        newest = max(folder.iterdir(), key=lambda file: file.stat().st_mtime_ns)
        os.utime(newest, (edition, edition))
    left = sorted(file.stat().st_mtime for file in folder.iterdir())
    assert left == [4, 5, 6, 7]


def test_only_its_owner_reads_and_writes_what_is_kept(folder, senses):
    _tables(senses)
    (file,) = folder.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_where_nothing_can_be_written_nothing_is_kept(folder, senses):
    folder.write_text("a file where the folder would be")
    assert _tables(senses) == tables_of([], senses)


def test_a_small_thesaurus_is_not_kept(folder):
    build_thesaurus([], [], [], [Sense("s", {"en": ("ledger",)})]).read("x", "en")
    assert not folder.exists()
