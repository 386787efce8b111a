"""What a form needs is missed by it, though something was sent of which nothing is left."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, IntegerField, PasswordField
from wtforms.fields.core import UnboundField

from tests.databases import writing
from tests.pages import Pages
from webapp.core.forms.checks import Needed
from webapp.core.roles import Role
from webapp.platform_settings.queries import get_settings

# Nobody sees any of these. A password may hold blanks, and has rules of its own; a ticked box sends
# whatever it likes.
NOTHING_TO_SEE = ("", " ", "\t", "\u200b", "\u2060\ufeff", "\u00a0\u3000", "\u00ad \u034f")


def forms(kind: type[Form] = Form) -> Iterator[type[Form]]:
    """Yield all forms of the platform."""
    for one in kind.__subclasses__():
        yield from forms(one)
        if one.__module__.startswith("webapp."):
            yield one


def needed() -> Iterator[tuple[str, UnboundField]]:
    """Yield each field of any form that must be filled in, with where it stands."""
    for form in forms():
        for name, field in vars(form).items():
            if isinstance(field, UnboundField):
                bound = field.bind(Form(), name)
                if bound.flags.required:
                    yield f"{form.__module__}.{form.__name__}.{name}", field


def sent(field: UnboundField, value: str) -> Form:
    """Return a form of this field alone, with what was sent."""
    alone: type[Form] = type("Alone", (Form,), {"field": field})
    return alone(MultiDict({"field": value}))


def test_what_is_needed_is_missed_though_something_was_sent(app: Flask) -> None:
    tried = 0
    with app.test_request_context():
        for where, field in needed():
            if field.field_class in {BooleanField, PasswordField}:
                continue
            for value in NOTHING_TO_SEE:
                assert not sent(field, value).validate(), f"{where} takes {value!r}"
                tried += 1
    assert tried > 200


def test_a_box_that_somebody_sends_as_not_ticked_is_not_ticked(app: Flask) -> None:
    boxes = [(where, field) for where, field in needed() if field.field_class is BooleanField]
    assert len(boxes) > 3
    with app.test_request_context():
        for where, field in boxes:
            assert sent(field, "y").validate(), where
            assert not sent(field, "false").validate(), where


def test_nought_is_a_number_that_was_given_and_a_wrong_one_says_so() -> None:
    number = UnboundField(IntegerField, validators=[Needed()])
    assert sent(number, "0").validate()
    wrong = sent(number, "many")
    assert not wrong.validate()
    assert wrong.errors["field"] == [wrong["field"].process_errors[0]]


@pytest.mark.parametrize("blank", [" ", "\u200b\ufeff"])
@pytest.mark.parametrize(
    ("role", "address", "button", "label"),
    [
        (None, "/password", "Send me a link", "E-mail address"),
        (None, "/ask-for-an-account", "Send", "Your e-mail address at work"),
        (Role.ADMINISTRATOR, "/accounts/invite", "Send the invitation", "E-mail address"),
        (Role.REQUESTER, "/account/e-mail", "Send a mail to it", "New e-mail address"),
    ],
)
def test_blanks_are_no_address_wherever_one_is_asked_for(
    app: Flask, visitor: Callable[[], Pages], sign_in_as: Callable[[Role], Pages],
    role: Role | None, address: str, button: str, label: str, blank: str,
) -> None:  # fmt: skip
    with writing(app) as session:
        get_settings(session).accounts_on_request = True
    pages = sign_in_as(role) if role else visitor()
    page = pages.get(address).submit(button, {label: blank}, status=400)
    assert page.errors["email"] == "Please fill this in."
