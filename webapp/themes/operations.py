"""Loading the platform's themes from the file that the matcher's thesaurus shares."""

import csv
from pathlib import Path

from sqlalchemy.orm import Session

from webapp.themes.models import Theme

# The first part of a code names its area; the areas in the order in which lists show them.
AREAS = {
    "SALW": "Small arms and light weapons control",
    "AMMO": "Small arms and light weapons control",
    "GEN": "Gender equality in the security sector",
    "POL": "Policing and borders",
    "BRD": "Policing and borders",
    "TRN": "Training and peace operations",
}
OTHER_AREA = "Security sector governance"


def load(session: Session, path: Path) -> int:
    """Bring the table in line with the file at `path` and return how many themes it holds."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    areas = [*dict.fromkeys(AREAS.values()), OTHER_AREA]
    rows.sort(key=lambda row: areas.index(area_of(row["code"])))
    known = {theme.code: theme for theme in session.query(Theme)}
    # Positions and labels are unique: they are moved out of the way before they are set anew.
    for number, theme in enumerate(known.values()):
        theme.position, theme.label = -1 - number, f"~{theme.code}"
    session.flush()
    for position, row in enumerate(rows):
        theme = known.get(row["code"]) or Theme(code=row["code"])
        theme.label = row["label_en"][:1].upper() + row["label_en"][1:]
        theme.area, theme.position = area_of(row["code"]), position
        session.add(theme)
    session.flush()
    return len(rows)


def area_of(code: str) -> str:
    """Return the area under which a theme is listed."""
    return AREAS.get(code.split("-", 1)[0], OTHER_AREA)
