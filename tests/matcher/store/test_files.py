"""An index on disk: whole or refused, whoever reads and writes meanwhile."""

import dataclasses
import importlib
import json
import threading
import tracemalloc

import numpy as np
import pytest

from matcher import Expert, ExpertIndex, IndexFormatError, RecordError, Request, empty_thesaurus
from matcher.store import files as storage
from matcher.store import serialization as profile_arrays
from matcher.store.files import read_index, write_index
from matcher.store.serialization import KINDS, pieces

REQUEST = Request("r", title="marking of weapons", description="polise women netwrok mreža PSSM")


def scores(index, request=REQUEST):
    return {match.expert_id: match.score for match in index.rank(request, 0).ranked}


@pytest.mark.parametrize("together", [1, 7, 4096])
def test_saved_index_ranks_the_same_and_can_be_edited(
    monkeypatch, tmp_path, demo_experts, demo_requests, together
):
    monkeypatch.setattr(profile_arrays, "_MEASURED_TOGETHER", together)
    index = ExpertIndex(demo_experts)
    index.update(Expert("new", summary="weapons marking"))
    index.save(tmp_path / "index")
    loaded = ExpertIndex.load(tmp_path / "index")
    assert loaded.revision == index.revision
    for request in demo_requests:
        expected = index.rank(request, 0, explained=True)
        assert loaded.rank(request, 0, explained=True) == expected
    for each in (index, loaded):
        each.remove("new")
        each.update(Expert("newer", summary="weapons register"))
    assert scores(loaded) == pytest.approx(scores(index), abs=1e-12)


def test_saving_again_replaces_and_leaves_nothing_over(tmp_path):
    index = ExpertIndex([Expert("a", summary="weapons")])
    index.save(tmp_path)
    index.update(Expert("b", summary="weapons marking register"))
    index.save(tmp_path)
    assert len(list(tmp_path.iterdir())) == 1 + len(KINDS)
    assert len(ExpertIndex.load(tmp_path)) == 2


def test_empty_index_can_be_kept(tmp_path):
    ExpertIndex().save(tmp_path)
    assert len(ExpertIndex.load(tmp_path)) == 0


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
@pytest.mark.parametrize("calls", [0, 3, 7])
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
    assert len(list(tmp_path.iterdir())) == 1 + len(KINDS)
    assert len(ExpertIndex.load(tmp_path)) == 2


def test_an_array_is_stored_as_numpy_itself_would(tmp_path, demo_index):
    """Whatever reads arrays of NumPy can read those of an index."""
    demo_index.save(tmp_path / "index")
    for file in (tmp_path / "index").glob("*.npy"):
        np.save(tmp_path / "again.npy", np.load(file, allow_pickle=False))
        assert (tmp_path / "again.npy").read_bytes() == file.read_bytes()


def test_damaged_or_foreign_files_are_refused(tmp_path, demo_experts):
    with pytest.raises(IndexFormatError):
        ExpertIndex.load(tmp_path / "nowhere")
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
        with pytest.raises(IndexFormatError, match=f"version {version}, version 4 is expected"):
            ExpertIndex.load(tmp_path)


# One expert with one entry of one word, as it is stored.
WHOLE = {
    "entry_counts": [1],
    "weights": [1.0],
    "lengths": [1],
    "columns": [0],
    "counts": [1],
    "marked": [1],
    "marks": [0, 0, 7],
    "sentenced": [1],
    "sentences": [0, 7],
}


@pytest.mark.parametrize(
    ("array", "wrong", "told"),
    [
        *(("weights", [weight], "the weight of an entry is wrong") for weight in (0, 1.5, np.nan)),
        ("weights", [1.0, 1.0], "experts and entries do not agree"),
        ("entry_counts", [], "experts and entries do not agree"),
        ("entry_counts", [2], "experts and entries do not agree"),
        ("lengths", [], "experts and entries do not agree"),
        ("lengths", [2], "entries and counts do not agree"),
        ("lengths", [-1], "a length is negative"),
        ("columns", [1], "a count belongs to no term"),
        ("columns", [-1], "a count belongs to no term"),
        ("columns", [0, 0], "entries and counts do not agree"),
        ("counts", [0], "a term is counted less than once"),
        ("counts", [], "entries and counts do not agree"),
        ("marked", [2], "entries and occurrences do not agree"),
        ("marked", [], "experts and entries do not agree"),
        ("marks", [1, 0, 7], "a count belongs to no term"),
        ("marks", [0, 0], "entries and occurrences do not agree"),
        ("sentenced", [2], "entries and sentences do not agree"),
        ("sentenced", [], "experts and entries do not agree"),
        ("sentenced", [-1], "a length is negative"),
        ("sentences", [0], "entries and sentences do not agree"),
    ],
)
def test_arrays_that_do_not_agree_are_refused(tmp_path, array, wrong, told):
    def write(arrays):
        write_index(
            tmp_path,
            fingerprint="any",
            revision=1,
            vocabulary=["weapon"],
            experts=[Expert("a", summary="weapons")],
            arrays={name: [np.array(row, dtype=KINDS[name])] for name, row in arrays.items()},
        )

    write(WHOLE)
    assert read_index(tmp_path).vocabulary == ["weapon"]
    write({**WHOLE, array: wrong})
    with pytest.raises(IndexFormatError, match=told):
        read_index(tmp_path)


@pytest.mark.parametrize(
    ("array", "change", "told"),
    [
        ("marks", lambda a: a * np.tile([0, 1, 1], len(a) // 3), "counts and occurrences do not"),
        ("marked", lambda a: a[::-1], "counts and occurrences do not agree"),
        ("lengths", lambda a: a[::-1], "counts and occurrences do not agree"),
        ("columns", lambda a: a[::-1], "counts and occurrences do not agree"),
        ("counts", lambda a: a[::-1], "counts and occurrences do not agree"),
        ("marks", lambda a: a - np.tile([0, 2**31 - 1, 0], len(a) // 3), "begins behind its end"),
        ("marks", lambda a: a + np.tile([0, 99, 0], len(a) // 3), "begins behind its end"),
        ("sentences", lambda a: a[::-1], "begins behind its end"),
        ("sentenced", lambda a: np.eye(1, len(a)).ravel() * a.sum(), "has no sentence"),
        ("entry_counts", lambda a: a[::-1], "has another number of entries"),
    ],
)
def test_profiles_that_do_not_fit_their_experts_are_refused(tmp_path, array, change, told):
    experts = [
        Expert("a", summary="Marks weapons. Keeps a register of weapons.", training=("Pistols",)),
        Expert("b", headline="Trainer", training=("Gender. Police, gender.", "Maps", "Radio")),
    ]
    index = ExpertIndex(experts)
    arrays = {
        name: np.concatenate(list(found))
        for name, found in pieces(index._blocks.all_profiles()).items()
    }

    def write(arrays):
        write_index(
            tmp_path,
            fingerprint=index._analyzer.fingerprint,
            revision=1,
            vocabulary=list(index._vocabulary.columns),
            experts=experts,
            arrays={name: [np.array(row, dtype=KINDS[name])] for name, row in arrays.items()},
        )

    write(arrays)
    assert len(ExpertIndex.load(tmp_path)) == 2
    write({**arrays, array: change(arrays[array].astype(np.int64))})
    with pytest.raises(IndexFormatError, match=told):
        ExpertIndex.load(tmp_path)


def test_two_who_save_at_once_leave_a_whole_index(tmp_path, monkeypatch):
    """The second begins when the first has written its arrays and not yet named them."""
    one = ExpertIndex([Expert("a", summary="weapons marking")])
    other = ExpertIndex([Expert("b", summary="police network of women")])
    saving = threading.Thread(target=other.save, args=[tmp_path])
    write_content = storage._write_content

    def begin_the_other(*args):
        if not saving.ident:
            saving.start()
            saving.join(0.3)
        write_content(*args)

    monkeypatch.setattr(storage, "_write_content", begin_the_other)
    one.save(tmp_path)
    saving.join(30)
    assert not saving.is_alive()
    assert "b" in ExpertIndex.load(tmp_path)


def test_a_reader_waits_for_who_is_saving(tmp_path, monkeypatch):
    index = ExpertIndex([Expert("a", summary="weapons marking")])
    index.save(tmp_path)
    index.update(Expert("b", summary="police network of women"))
    read_content, found = storage._read_content, []

    def save_meanwhile(folder):
        content = read_content(folder)
        if not saving.ident:
            saving.start()
            saving.join(0.3)
        return content

    saving = threading.Thread(target=index.save, args=[tmp_path])
    monkeypatch.setattr(storage, "_read_content", save_meanwhile)
    found.append(len(ExpertIndex.load(tmp_path)))
    saving.join(30)
    found.append(len(ExpertIndex.load(tmp_path)))
    assert found == [1, 2]


def test_what_a_killed_process_left_is_cleared_away(tmp_path):
    (tmp_path / ".marks.123.456.tmp").write_bytes(b"half")
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
