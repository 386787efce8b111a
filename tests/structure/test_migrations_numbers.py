"""A revision that a database can have been brought to keeps its number and its place.

Where another one gets its number, a database that has had the first is taken for one that has had
the second too, and stays without its tables.
"""

from pathlib import Path

from flask import Flask

from webapp.core.db import alembic

# The last ten were written side by side, and run in the order in which they came together.
GIVEN = """
    0001 0002 0003 0004 0005 0006 0007 0008 0009 0010 0011 0012 0013 0014 0015 0016 0017 0019 0021
    0022 0023 0024 0025 0026 0027 0028 0029 0031 0032 0033 0034 0035 0036 0043 0044 0045 0046 0047
    0048 0049 0050 0052 0054 0058 0060 0064 0065 0066 0068 0069 0070 0071 0072 0073 0074 0075 0076
    0077 0078 0079 0080 0081 0082 0083 0084 0085 0086 0087 0088 0089
    0099 0092 0090 0102 0096 0097 0103 0104 0105 0106 0107 0108 0109
    0110 0111 0112 0113 0114 0115 0116 0117
"""


def test_numbers_that_were_given_stay_with_what_they_name(app: Flask) -> None:
    with app.app_context():
        steps = list(alembic.script_directory.walk_revisions())[::-1]
    given = GIVEN.split()
    assert [step.revision for step in steps][: len(given)] == given
    assert [Path(step.path).stem[:4] for step in steps] == [step.revision for step in steps]
