"""Numbers of telephones, as forms take them."""

import re

from wtforms import Field, ValidationError

from webapp.core.words.translation import _

_TELEPHONE = re.compile(r"[+(]?[0-9][0-9 ()/.+-]{4,38}")
_FROM_ABROAD = re.compile(r"\(?(?:\+|00)")


def can_be_dialled(number: str) -> bool:
    """Tell whether a text is a number of a telephone, whole and nothing else."""
    return _TELEPHONE.fullmatch(number) is not None


def refuse_undialled(field: Field) -> None:
    """Refuse what nobody could dial."""
    if field.data and not can_be_dialled(field.data):
        raise ValidationError(
            _(
                "Please write the whole number, with digits, blanks and signs such as +, - and /"
                " only."
            )
        )


def refuse_local(field: Field) -> None:
    """Refuse what nobody could dial from another country."""
    refuse_undialled(field)
    if field.data and not _FROM_ABROAD.match(field.data):
        raise ValidationError(_("Please begin with the international code, such as +381."))
