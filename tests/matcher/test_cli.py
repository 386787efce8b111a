import json
import subprocess
import sys
from pathlib import Path

import pytest

from matcher import Expert
from matcher.cli import main

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def inputs(tmp_path, demo_folder):
    return [
        "--experts",
        str(demo_folder / "experts.jsonl"),
        "--requests",
        str(demo_folder / "requests.jsonl"),
    ]


def rows(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_rank_then_evaluate_on_the_demo_roster(tmp_path, demo_folder, inputs, capsys):
    run, why = tmp_path / "run.trec", tmp_path / "why.jsonl"
    assert main(["rank", *inputs, "--top", "0", "--out", str(run), "--explain", str(why)]) == 0
    lines = [line.split() for line in run.read_text("utf-8").splitlines()]
    assert {(line[1], line[5]) for line in lines} == {("Q0", "matcher")}
    assert len({line[0] for line in lines}) == 24
    first = [line for line in lines if line[3] == "1"]
    explained = {row["id"]: row["explanations"][0] for row in rows(why)}
    for request_id, _, expert_id, _, score, _ in first:
        assert explained[request_id]["expert_id"] == expert_id
        assert explained[request_id]["score"] == pytest.approx(float(score), abs=1e-9)
    judged = ["--qrels", str(demo_folder / "qrels.txt"), "--tags", str(demo_folder / "tags.tsv")]
    assert main(["evaluate", "--run", str(run), *judged, "--against", str(run)]) == 0
    printed = capsys.readouterr().out
    ndcg = float(printed.split("nDCG@10")[1].split()[0])
    assert ndcg >= 0.64
    assert "crosslingual (6 requests)" in printed
    assert printed.rstrip().endswith("0.000  [0.000, 0.000]")


@pytest.mark.thorough
def test_runs_are_the_same_byte_for_byte_in_another_process(tmp_path, inputs):
    one, other = tmp_path / "one", tmp_path / "other"
    assert main(["rank", *inputs, "--out", str(one)]) == 0
    command = [sys.executable, "-m", "matcher", "rank", *inputs, "--out", str(other)]
    subprocess.run(command, check=True, cwd=ROOT, env={"PYTHONHASHSEED": "123"})
    assert one.read_bytes() == other.read_bytes()


def test_rank_is_by_subject_and_keeps_those_ruled_out(tmp_path, inputs, demo_eligibility):
    out = tmp_path / "run"
    main(["rank", *inputs, "--top", "0", "--out", str(out)])
    ranked = {tuple(line.split()[0:3:2]) for line in out.read_text("utf-8").splitlines()}
    excluded = {(row["id"], key) for row in demo_eligibility for key in row["ruled_out"]}
    assert ranked & excluded


def test_top_limits_each_request(tmp_path, inputs):
    main(["rank", *inputs, "--top", "2", "--out", str(tmp_path / "run")])
    places = [line.split()[3] for line in (tmp_path / "run").read_text("utf-8").splitlines()]
    assert set(places) == {"1", "2"}


def test_eligible_reproduces_the_demo_file(tmp_path, demo_folder, inputs):
    out = tmp_path / "eligibility.jsonl"
    assert main(["eligible", *inputs, "--out", str(out)]) == 0
    expected = rows(demo_folder / "eligibility.jsonl")
    keys = ("id", "days", "ruled_out", "unknown")
    assert rows(out) == [{key: row[key] for key in keys} for row in expected]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'{"id": "b", "languages": {"fr": "good"}}', "languages.fr: one of A1"),
        (b'{"id": "a"}', "id: 'a' stands on line 1 already"),
        (b'{"id": "b", "experience": [{"start": 3}]}', "experience[0].start: text is expected"),
        (b"{broken", "no valid JSON"),
        (b'{"id": "b", "max_days": NaN}', "no valid JSON"),
        (b"[1, 2]", "an object is expected"),
        (b'{"id": "b", "summary": "\xff"}', "not UTF-8"),
        (b"[" * 100_000, "no valid JSON"),
    ],
)
@pytest.mark.parametrize("command", ["rank", "eligible"])
def test_a_faulty_line_is_named_and_nothing_is_left(
    tmp_path, demo_folder, capsys, command, line, words
):
    experts, out = tmp_path / "experts.jsonl", tmp_path / "out"
    experts.write_bytes(b'{"id": "a", "summary": "weapons"}\n\n' + line + b"\n")
    out.write_text("from before", "utf-8")
    requests = str(demo_folder / "requests.jsonl")
    assert (
        main([command, "--experts", str(experts), "--requests", requests, "--out", str(out)]) == 2
    )
    message = capsys.readouterr().err
    assert f"{experts}, line 3: " in message
    assert words in message
    assert out.read_text("utf-8") == "from before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["experts.jsonl", "out"]


def test_missing_files_and_folders_are_told(tmp_path, inputs, capsys):
    missing = ["--experts", str(tmp_path / "no"), "--requests", str(tmp_path / "no")]
    assert main(["rank", *missing, "--out", str(tmp_path / "out")]) == 2
    assert "no: cannot be read" in capsys.readouterr().err
    assert main(["rank", *inputs, "--out", str(tmp_path / "none" / "out")]) == 2
    assert "No such file" in capsys.readouterr().err
    assert main(["evaluate", "--run", str(tmp_path), "--qrels", str(tmp_path)]) == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("wrong", [[], ["rank"], ["rank", "--top", "-1"], ["benchmark"]])
def test_wrong_options_are_refused(wrong, inputs):
    with pytest.raises(SystemExit) as caught:
        main([*wrong, *inputs, "--out", "x"] if wrong and "--top" in wrong else wrong)
    assert caught.value.code == 2


def test_empty_files_and_byte_order_marks_are_no_error(tmp_path):
    experts, requests = tmp_path / "experts", tmp_path / "requests"
    experts.write_bytes(b"")
    requests.write_bytes(b'\xef\xbb\xbf{"id": "r", "title": "weapons"}\r\n')
    arguments = ["--experts", str(experts), "--requests", str(requests)]
    assert main(["rank", *arguments, "--out", str(tmp_path / "run")]) == 0
    assert (tmp_path / "run").read_bytes() == b""
    assert main(["eligible", *arguments, "--out", str(tmp_path / "el")]) == 0
    assert rows(tmp_path / "el") == [{"id": "r", "days": None, "ruled_out": {}, "unknown": {}}]


def test_lines_may_hold_separators_that_are_not_line_ends(tmp_path):
    experts, requests = tmp_path / "experts", tmp_path / "requests"
    row = {"id": "a", "summary": "weapons\u2028marking\u0085laser\x0cmachine"}
    experts.write_text(json.dumps(row, ensure_ascii=False) + "\n", "utf-8")
    requests.write_text('{"id": "r", "title": "weapons"}\n', "utf-8")
    arguments = ["--experts", str(experts), "--requests", str(requests)]
    assert main(["rank", *arguments, "--out", str(tmp_path / "run")]) == 0
    assert Expert.from_dict(row).id in (tmp_path / "run").read_text("utf-8")
