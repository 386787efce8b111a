"""Loading the platform's themes from the file that the matcher's thesaurus shares."""

import csv
from pathlib import Path

from sqlalchemy.orm import Session

from webapp.core.text_rules import first_capital
from webapp.core.translation import _
from webapp.themes.models import Theme

# The first part of a code names its area; the areas in the order in which lists show them.
AREAS = {
    "SALW": _("Small arms and light weapons control"),
    "AMMO": _("Small arms and light weapons control"),
    "GEN": _("Gender equality in the security sector"),
    "POL": _("Policing and borders"),
    "BRD": _("Policing and borders"),
    "TRN": _("Training and peace operations"),
}
OTHER_AREA = _("Security sector governance")


def load(session: Session, path: Path) -> int:
    """Bring the table in line with the file at `path` and return how many themes it holds."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    areas = [*dict.fromkeys(area.source for area in (*AREAS.values(), OTHER_AREA))]
    rows.sort(key=lambda row: areas.index(area_of(row["code"])))
    known = {theme.code: theme for theme in session.query(Theme)}
    # Positions and labels are unique: they are moved out of the way before they are set anew.
    for number, theme in enumerate(known.values()):
        theme.position, theme.label = -1 - number, f"~{theme.code}"
    session.flush()
    for position, row in enumerate(rows):
        theme = known.get(row["code"]) or Theme(code=row["code"])
        theme.label = first_capital(row["label_en"])
        theme.area, theme.position = area_of(row["code"]), position
        session.add(theme)
    session.flush()
    return len(rows)


def area_of(code: str) -> str:
    """Return the area under which a theme is listed."""
    return AREAS.get(code.split("-", 1)[0], OTHER_AREA).source
