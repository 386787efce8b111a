"""A request is ranked alike in whatever layout it is pasted."""

from __future__ import annotations

import re
from dataclasses import replace
from textwrap import fill

import pytest

from matcher.experiments.tuning.collection import read_collection
from matcher.experiments.tuning.templates import losses

SENTENCES = re.compile(r"(?<=[.!?;]) +")
LONG_WORDS = re.compile(r"(\w{4})(\w{4,})")
OTHER = "Просимо надіслати експерта.", "Умови надаються нижче."


def lines_of(text, form):
    return "\n".join(form.format(n, line) for n, line in enumerate(SENTENCES.split(text), 1))


def thread(text):
    return (
        "From: Ana Kos <ana@example.org>\nSent: Monday, 4 May 2026 10:12\nTo: roster@example.org\n"
        "Subject: RE: FW: expert\n\nDear colleagues,\nplease see below.\n\nBest regards,\nAna Kos\n"
        "\n-----Original Message-----\nFrom: Liaison <liaison@example.org>\nSent: Friday, 1 May\n"
        f"To: Ana Kos\nSubject: expert\n\n{text}\n\nKind regards,\nMarko"
    )


def two_columns(text):
    lines = fill(text, 40).splitlines()
    return "\n".join(f"{line} | {OTHER[at % 2]}" for at, line in enumerate(lines))


def quoted(text):
    lines = [f"> {line}" for line in fill(text, 60).splitlines()]
    return "\n".join(["On 4 May 2026, Ana Kos <ana@example.org> wrote:", *lines])


LAYOUTS = {
    "bullets": lambda text: lines_of(text, "\u2022 {1}"),
    "numbering": lambda text: lines_of(text, "1.1.{0} {1}"),
    "rows of a table": lambda text: "No\tTopic\tRemarks\n" + lines_of(text, "{0}\t{1}\t-"),
    "thread of e-mails": thread,
    "quoted lines": quoted,
    "disclaimer": lambda text: (
        f"{text}\n\nBest regards,\nMarko Ilić\nMinistry of Interior | www.example.org\n\n"
        "DISCLAIMER: This e-mail may contain confidential information on border control, weapons "
        "and police. If you have received this in error, delete it."
    ),
    "headings in capitals": lambda text: f"TERMS OF REFERENCE\nBACKGROUND\n{text}\nTIMELINE",
    "headings in spaced letters": lambda text: f"T E R M S   O F   R E F E R E N C E\n\n{text}",
    "two columns": two_columns,
    "soft hyphens": lambda text: LONG_WORDS.sub("\\1\u00ad\\2", text),
    "ligatures": lambda text: text.replace("fi", "\ufb01").replace("fl", "\ufb02"),
    "curly quotes": lambda text: "\u201c" + text.replace("'", "\u2019") + "\u201d",
    "broken words": lambda text: LONG_WORDS.sub("\\1-\n\\2", text),
}


@pytest.mark.thorough
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_costs_next_to_nothing(layout):
    def paste(request):
        return replace(request, description=LAYOUTS[layout](request.description))

    found = losses([read_collection()], {layout: paste})
    assert found.plain.mean() > 0.8
    assert found.by_way[layout].mean() <= 0.03
