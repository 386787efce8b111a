import json

import pytest

from matcher import Expert
from matcher.errors import InputFileError
from matcher.records import read_records

GOOD, OTHER = json.dumps({"id": "a"}).encode(), json.dumps({"id": "b"}).encode()


def test_records_of_a_file_are_read_in_its_order(tmp_path):
    file = tmp_path / "experts.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD + b"\n\n" + OTHER + b"\r\n")
    assert [expert.id for expert in read_records(file, Expert.from_dict)] == ["a", "b"]


@pytest.mark.parametrize(
    ("lines", "number", "words"),
    [
        ([b"{"], 1, "no valid JSON"),
        ([GOOD, b"NaN"], 2, "NaN is not JSON"),
        ([GOOD, b"", b'{"id": 7}'], 3, "id: "),
        ([GOOD, OTHER, b"\xff"], 3, "not UTF-8"),
        ([GOOD, OTHER, GOOD], 3, "id: 'a' stands on line 1 already"),
    ],
)
def test_a_faulty_line_is_named_by_its_number_counted_from_one(tmp_path, lines, number, words):
    file = tmp_path / "experts.jsonl"
    file.write_bytes(b"\n".join(lines))
    with pytest.raises(InputFileError) as refused:
        read_records(file, Expert.from_dict)
    assert str(refused.value).startswith(f"{file}, line {number}: ")
    assert words in str(refused.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(InputFileError, match="cannot be read"):
        read_records(tmp_path / "missing.jsonl", Expert.from_dict)
