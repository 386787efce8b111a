"""Reasons are drawn as a page tells them, the same for one seed, and those without any apart."""

import csv

import pytest

from matcher import Expert, ExpertIndex, Request
from matcher.cli import main
from matcher.experiments.explanation_sample import all_rows, as_table, drawn


@pytest.fixture(scope="module")
def index():
    return ExpertIndex([
        Expert("e1", headline="Officer", summary="Marked rifles.\nInspected stockpiles of arms."),
        Expert("e2", summary="Bread, boats and rare kinds of stone."),
    ])  # fmt: skip


@pytest.fixture(scope="module")
def rows(index):
    request = Request("r1", title="Stockpile inspection", description="Who knows\tweapons marking?")
    return list(all_rows(index, [request], top=10))


def test_each_reason_is_a_row_with_the_sentence_it_stands_in(index, rows):
    reasons = [row for row in rows if row.expert == "e1" and row.has_reason]
    told = index.explain(Request("r1", "Stockpile inspection", "Who knows\tweapons marking?"), "e1")
    assert [(row.asked, row.found) for row in reasons] == [(t.asked, t.found) for t in told.terms]
    assert all(row.found.split(", ")[0] in row.sentence for row in reasons)
    assert {row.place for row in reasons} == {1}
    assert sum(float(row.part_of_score) for row in reasons) <= 1.02


def test_one_seed_draws_the_same_rows_and_never_more_than_there_are(rows):
    assert drawn(rows, 2, 7) == drawn(rows, 2, 7)
    assert len(drawn(rows, 2, 7)) == 2
    assert sorted(drawn(rows, 99, 7)) == sorted(rows)
    assert len({tuple(drawn(rows, 99, seed)) for seed in range(9)}) > 1


def test_a_table_has_one_line_for_each_row(rows):
    names, *lines = list(csv.reader(as_table(rows).splitlines(), delimiter="\t"))
    assert names[-1] == "verdict"
    assert len(lines) == len(rows)
    assert {len(line) for line in lines} == {len(names)}
    assert lines[0][names.index("description")] == "Who knows weapons marking?"


@pytest.mark.thorough
@pytest.mark.parametrize(("option", "has_reason"), [([], True), (["--without-reason"], False)])
def test_the_command_draws_reasons_or_experts_without_any(
    option, has_reason, tmp_path, demo_folder, capsys
):
    out = tmp_path / "rows.tsv"
    inputs = [
        "--experts", str(demo_folder / "experts.jsonl"),
        "--requests", str(demo_folder / "requests.jsonl"),
    ]  # fmt: skip
    arguments = ["explain-sample", *inputs, "--rows", "15", "--out", str(out), *option]
    assert main(arguments) == 0
    lines = list(csv.DictReader(out.read_text("utf-8").splitlines(), delimiter="\t"))
    assert len(lines) == 15
    assert {line["asked"] != "-" for line in lines} == {has_reason}
    # What is shared beside reasons is told with a sentence, too.
    assert all(line["found"] and line["sentence"] for line in lines)
    assert "reasons of" in capsys.readouterr().out
