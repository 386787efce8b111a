"""Numbers of telephones, as forms take them."""

import re

from wtforms import Field, ValidationError

from webapp.core.words.translation import _

_TELEPHONE = re.compile(r"[+(]?[0-9][0-9 ()/.+-]{4,38}")
_FROM_ABROAD = re.compile(r"\(?(?:\+|00)")


def refuse_undialled(field: Field) -> None:
    """Refuse what nobody could dial."""
    if field.data and not _TELEPHONE.fullmatch(field.data):
        raise ValidationError(
            _("Please write the number with digits, blanks and signs such as +, - and / only.")
        )


def refuse_local(field: Field) -> None:
    """Refuse what nobody could dial from another country."""
    refuse_undialled(field)
    if field.data and not _FROM_ABROAD.match(field.data):
        raise ValidationError(_("Please begin with the international code, such as +381."))
