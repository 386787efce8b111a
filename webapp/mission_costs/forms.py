"""The form of what a mission costs: for each item what is planned, what was paid, and by whom."""

import re
from decimal import Decimal
from typing import Any

from wtforms import Field, StringField
from wtforms.widgets import TextInput

from webapp.core.forms.fields import choice, named
from webapp.core.forms.page_forms import EditForm
from webapp.core.words import text_rules
from webapp.core.words.money import amount_typed
from webapp.core.words.translation import Message, _
from webapp.expertise_requests.models import ExpertiseRequest, Payer
from webapp.mission_costs.content import Cost
from webapp.mission_costs.models import CostItem, MissionCost
from webapp.mission_costs.rules import payer_of

# A blank stands between thousands only: "99 50" would be read as thousands of euros. A comma or a
# point stands there where the other one comes before the cents; of "1.250" alone nobody knows.
_AMOUNT = re.compile(
    r"([0-9]{1,6}|[0-9]{1,3} [0-9]{3})([.,][0-9]{1,2})?"
    r"|[0-9]{1,3}([.,])[0-9]{3}(?!\3)[.,][0-9]{1,2}"
)
_THOUSANDS = re.compile(r"[ .,](?=[0-9]{3})")


class EurosField(StringField):
    """An amount in euros; what is no amount stays as it was typed."""

    widget = TextInput()
    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the amount, with a comma or a point before the cents."""
        written = text_rules.cleaned_line(valuelist[0]) if valuelist else ""
        self.data = None
        if not written:
            return
        if not _AMOUNT.fullmatch(written):
            raise ValueError(_("Please write an amount in euros below a million, such as 99.50."))
        self.data = Decimal(_THOUSANDS.sub("", written).replace(",", "."))

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return "" if self.data is None else amount_typed(self.data)


def _euros(label: Message) -> EurosField:
    return EurosField(label, render_kw={"inputmode": "decimal"})


class CostsForm(EditForm):
    """All items of a mission on one page; the fields of each stand below its name."""

    def __init__(
        self, request: ExpertiseRequest, rows: dict[CostItem, MissionCost], **kwargs: Any
    ) -> None:
        stored: dict[str, Any] = {}
        for item in CostItem:
            row = rows.get(item)
            payer = row.payer if row else payer_of(request, item)
            stored[f"payer_{item}"] = payer.value
            if row:
                stored |= {f"planned_{item}": row.planned, f"actual_{item}": row.actual}
        super().__init__(data=stored, **kwargs)

    def fields_of(self, item: CostItem) -> list[Field]:
        """Return the fields of an item: planned, actual, who pays."""
        return [self[f"{name}_{item}"] for name in ("planned", "actual", "payer")]

    def costs(self) -> dict[CostItem, Cost]:
        """Return what was written, as the operation takes it."""
        found = {}
        for item in CostItem:
            planned, actual, payer = (field.data for field in self.fields_of(item))
            found[item] = Cost(planned, actual, Payer(payer))
        return found


# Each item has the same three fields.
for _item in CostItem:
    setattr(CostsForm, f"planned_{_item}", _euros(_("Planned (%(item)s)", item=_item)))
    setattr(CostsForm, f"actual_{_item}", _euros(_("Actual (%(item)s)", item=_item)))
    _payer = choice(_("Who pays (%(item)s)", item=_item), named(Payer), required=True)
    setattr(CostsForm, f"payer_{_item}", _payer)
