"""An index on disk: whole or refused, whoever reads and writes meanwhile."""

import dataclasses
import datetime
import hashlib
import importlib
import json
import threading
import tracemalloc

import numpy as np
import pytest

from matcher import (
    Expert,
    ExpertIndex,
    IndexFormatError,
    Period,
    RecordError,
    Request,
    empty_thesaurus,
)
from matcher.store import files as storage
from matcher.store.files import read_index, write_index
from matcher.store.serialization import KINDS

REQUEST = Request("r", title="marking of weapons", description="polise women netwrok mreža PSSM")


def scores(index, request=REQUEST):
    return {match.expert_id: match.score for match in index.rank(request, 0).ranked}


@pytest.mark.thorough
@pytest.mark.parametrize("together", [7, 100_000])
def test_saved_index_ranks_the_same_and_can_be_edited(
    monkeypatch, tmp_path, demo_experts, demo_requests, together
):
    monkeypatch.setattr("matcher.store.blocks._BLOCK_AT_MOST", together)
    index = ExpertIndex(demo_experts)
    index.update(Expert("new", summary="weapons marking"))
    index.save(tmp_path / "index")
    loaded = ExpertIndex.load(tmp_path / "index")
    assert loaded.revision == index.revision
    for request in demo_requests:
        expected = index.rank(request, 0)
        found = loaded.rank(request, 0)
        assert found == expected
        assert found.explanations == expected.explanations
        assert found.ruled_out == expected.ruled_out
        assert found.unrankable == expected.unrankable
    for each in (index, loaded):
        each.remove("new")
        each.update(Expert("newer", summary="weapons register"))
    assert scores(loaded) == pytest.approx(scores(index), abs=1e-12)


def test_saving_again_replaces_and_leaves_nothing_over(tmp_path):
    index = ExpertIndex([Expert("a", summary="weapons")])
    index.save(tmp_path)
    index.update(Expert("b", summary="weapons marking register"))
    index.save(tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
    assert len(ExpertIndex.load(tmp_path)) == 2


def test_empty_index_can_be_kept(tmp_path):
    ExpertIndex().save(tmp_path)
    assert len(ExpertIndex.load(tmp_path)) == 0


@pytest.mark.thorough
def test_saving_takes_little_memory_beside_the_index(tmp_path, demo_experts):
    """A roster that fits into the memory once must not have to fit in there again to be saved."""
    index = ExpertIndex(
        dataclasses.replace(expert, id=f"{expert.id}-{copy}")
        for copy in range(20)
        for expert in demo_experts
    )
    tracemalloc.start()
    try:
        index.save(tmp_path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < sum(file.stat().st_size for file in tmp_path.iterdir()) / 2


@pytest.mark.parametrize("failing", ["os.fsync", "os.replace", "json.dumps"])
@pytest.mark.parametrize("calls", [0, 1])
def test_a_save_that_fails_leaves_the_index_as_it_was(tmp_path, monkeypatch, failing, calls):
    index = ExpertIndex([Expert("a", summary="weapons")])
    index.save(tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    index.update(Expert("b", summary="weapons marking register"))
    module, name = failing.split(".")
    works = getattr(importlib.import_module(module), name)
    rest = iter(range(calls))

    def fail(*args, **kwargs):
        if next(rest, None) is None:
            raise OSError("no space left")
        return works(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(failing, fail)
        with pytest.raises(OSError, match="no space left"):
            index.save(tmp_path)
    after = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert before.items() <= after.items()
    assert not [name for name in after if name.endswith(".tmp")]
    assert len(ExpertIndex.load(tmp_path)) == 1
    index.save(tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
    assert len(ExpertIndex.load(tmp_path)) == 2


def test_arrays_are_mapped_and_not_read_into_memory(tmp_path, demo_index):
    """So that several processes share them."""
    demo_index.save(tmp_path)
    (part,) = ExpertIndex.load(tmp_path).snapshot().parts
    for found in (part.block.profiles.experts.text, part.block.postings.values):
        array = found
        while not isinstance(array, np.memmap):
            array = array.base
        assert not array.flags.writeable


def test_files_are_for_their_owner_alone(tmp_path, demo_index):
    demo_index.save(tmp_path / "index")
    assert (tmp_path / "index").stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "index").iterdir()} == {0o600}


@pytest.mark.parametrize("gone", ["removed", "edited", "edited before it was ever ranked"])
def test_nothing_of_who_is_gone_stays_in_the_files(tmp_path, gone):
    index = ExpertIndex([Expert(f"e{n}", summary="weapons marking register") for n in range(9)])
    secret = Expert("secret", summary="xylophonist weapons", jurisdiction="MNE", training=("Maps",))
    index.update(secret)
    if "ever" not in gone:
        index.rank(REQUEST)
    index.save(tmp_path)
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"xylophonist" in kept
    if gone == "removed":
        index.remove("secret")
    else:
        index.update(Expert("secret", summary="weapons"))
    index.save(tmp_path)
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"xylophonist" not in kept
    assert b"MNE" not in kept
    assert scores(ExpertIndex.load(tmp_path)) == pytest.approx(scores(index), abs=1e-12)


def test_labels_are_kept(tmp_path):
    index = ExpertIndex([Expert("a", summary="weapons")])
    index.save(tmp_path, {"roster": 7})
    assert ExpertIndex.load(tmp_path).labels == {"roster": 7}


def test_damaged_or_foreign_files_are_refused(monkeypatch, tmp_path, demo_experts):
    with pytest.raises(IndexFormatError):
        ExpertIndex.load(tmp_path / "nowhere")
    monkeypatch.setattr(storage, "_STRETCH", 4096)
    ExpertIndex(demo_experts[:5]).save(tmp_path)
    originals = {path: path.read_bytes() for path in tmp_path.iterdir()}
    random = np.random.default_rng(1)
    for path, content in originals.items():
        damaged = [content[: len(content) // 2], b"", content + b"x", b"[]\n[]\n"]
        for place in random.integers(0, len(content), 15):
            flipped = bytearray(content)
            flipped[place] ^= 0x41
            damaged.append(bytes(flipped))
        for wrong in damaged:
            path.write_bytes(wrong)
            with pytest.raises(IndexFormatError):
                ExpertIndex.load(tmp_path)
        path.unlink()
        with pytest.raises(IndexFormatError):
            ExpertIndex.load(tmp_path)
        path.write_bytes(content)
    assert len(ExpertIndex.load(tmp_path)) == 5


def test_another_version_or_thesaurus_is_refused(tmp_path):
    ExpertIndex([Expert("a", summary="weapons")]).save(tmp_path)
    with pytest.raises(IndexFormatError, match="another thesaurus"):
        ExpertIndex.load(tmp_path, thesaurus=empty_thesaurus())
    file = tmp_path / "index.json"
    header, body = file.read_bytes().split(b"\n", 1)
    for version in (2, 99):
        other = {**json.loads(header), "version": version}
        file.write_bytes(json.dumps(other).encode() + b"\n" + body)
        with pytest.raises(IndexFormatError, match=f"version {version}, version 7 is expected"):
            ExpertIndex.load(tmp_path)


DAY = datetime.date(2027, 5, 3)
FULL = Expert(
    "a", headline="Marking of weapons", summary="Marks weapons. Keeps a register of weapons.",
    training=("Pistols",), languages={"en": "B2"}, jurisdiction="MNE",
    excluded_jurisdictions=("SRB",), unavailable=(Period(DAY, DAY),), max_days=9,
    booked=(Period(DAY, DAY),), most_missions=1,
)  # fmt: skip


@pytest.mark.parametrize(
    ("array", "change"),
    [
        *((name, lambda a: a[:-1]) for name in KINDS if not name.startswith("common")),
        *(
            (name, lambda a: a[::-1])
            for name in ("text_bounds", "entries", "terms", "marked", "sentenced", "indptr")
        ),
        *(
            (name, lambda a: a - 99)
            for name in ("rows", "columns", "homes", "closed", "full", "busy")
        ),
        *(
            (name, lambda a: a + 99)
            for name in ("rows", "columns", "homes", "closed", "full", "busy")
        ),
    ],
)
def test_arrays_that_do_not_agree_are_refused(tmp_path, array, change):
    """Loops in C look up what they say, so nothing may point beyond an end."""
    ExpertIndex([FULL]).save(tmp_path)
    stored = read_index(tmp_path)
    (arrays,) = stored.blocks
    write_index(tmp_path, stored.facts, [{**arrays, array: change(arrays[array])}])
    with pytest.raises(IndexFormatError, match="not a whole index"):
        ExpertIndex.load(tmp_path)


@pytest.mark.parametrize("change", [lambda a: a[:-1], lambda a: np.append(a, a[:1])])
def test_rows_of_common_terms_are_as_long_as_the_roster(tmp_path, monkeypatch, change):
    monkeypatch.setattr("matcher.store.postings._COMMON_FROM", 0)
    ExpertIndex([FULL, dataclasses.replace(FULL, id="b")]).save(tmp_path)
    stored = read_index(tmp_path)
    (arrays,) = stored.blocks
    assert len(arrays["common_rows"])
    write_index(tmp_path, stored.facts, [{**arrays, "common_rows": change(arrays["common_rows"])}])
    with pytest.raises(IndexFormatError, match="not a whole index"):
        ExpertIndex.load(tmp_path)


@pytest.mark.parametrize(
    ("fact", "wrong"),
    [
        ("vocabulary", ["weapon"]),
        ("frequencies", []),
        ("tally", []),
        ("blocks", []),
        ("labels", None),
        ("revision", "x"),
        ("arrays", {"file": "../elsewhere.npy", "sha256": [], "lengths": []}),
    ],
)
def test_facts_that_do_not_agree_are_refused(tmp_path, fact, wrong):
    ExpertIndex([FULL]).save(tmp_path)
    file = tmp_path / "index.json"
    header, body = file.read_bytes().split(b"\n", 1)
    body = json.dumps({**json.loads(body), fact: wrong}).encode()
    header = {**json.loads(header), "sha256": hashlib.sha256(body).hexdigest()}
    file.write_bytes(json.dumps(header).encode() + b"\n" + body)
    with pytest.raises(IndexFormatError):
        ExpertIndex.load(tmp_path)


def test_two_who_save_at_once_leave_a_whole_index(tmp_path, monkeypatch):
    """The second begins when the first has written its arrays and not yet named them."""
    one = ExpertIndex([Expert("a", summary="weapons marking")])
    other = ExpertIndex([Expert("b", summary="police network of women")])
    saving = threading.Thread(target=other.save, args=[tmp_path])
    replace_file = storage.replace_file

    def begin_the_other(*args):
        if not saving.ident:
            saving.start()
            saving.join(0.3)
        replace_file(*args)

    monkeypatch.setattr(storage, "replace_file", begin_the_other)
    one.save(tmp_path)
    saving.join(30)
    assert not saving.is_alive()
    assert "b" in ExpertIndex.load(tmp_path)


def test_a_reader_waits_for_who_is_saving(tmp_path, monkeypatch):
    index = ExpertIndex([Expert("a", summary="weapons marking")])
    index.save(tmp_path)
    index.update(Expert("b", summary="police network of women"))
    read_facts, found = storage._read_facts, []

    def save_meanwhile(folder):
        facts = read_facts(folder)
        if not saving.ident:
            saving.start()
            saving.join(0.3)
        return facts

    saving = threading.Thread(target=index.save, args=[tmp_path])
    monkeypatch.setattr(storage, "_read_facts", save_meanwhile)
    found.append(len(ExpertIndex.load(tmp_path)))
    saving.join(30)
    found.append(len(ExpertIndex.load(tmp_path)))
    assert found == [1, 2]


def test_what_a_killed_process_left_is_cleared_away(tmp_path):
    (tmp_path / ".arrays.123.456.tmp").write_bytes(b"half")
    ExpertIndex([Expert("a", summary="weapons")]).save(tmp_path)
    assert [file.name for file in tmp_path.iterdir() if file.name.endswith(".tmp")] == []


def test_an_expert_is_kept_as_it_would_be_read_from_a_file(tmp_path):
    """Else the places of words would be those of another text after loading."""
    index = ExpertIndex([Expert("a", summary="  pistol \x00marking registry  ")])
    index.save(tmp_path)
    request = Request("r", title="pistol registry")
    before, after = (
        i.explain(request, "a").entries[0] for i in (index, ExpertIndex.load(tmp_path))
    )
    assert before == after
    assert before.sentence == "pistol  marking registry"
    with pytest.raises(RecordError):
        index.update(Expert(""))
