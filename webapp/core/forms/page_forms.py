"""Forms: how they are drawn, told apart and shown again.

A form that is refused is shown again with status 400, each message at its field and all that was
typed still there. What the fields take is in core/forms/fields.py.
"""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from flask import Response, flash, g, make_response, render_template, request
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import Field, FileField, Form

from webapp.core.errors import DoneSinceError
from webapp.core.forms.fields import OneOfField, VersionField
from webapp.core.transactions import roll_back
from webapp.core.words.text_rules import showable
from webapp.core.words.translation import Message, Words


class Readable:
    """How fields are drawn: with nothing that HTML cannot hold."""

    def render_field(self, field: Field, render_kw: dict[str, Any]) -> Markup:
        """Draw the field; where a character was typed that no page may hold stands a mark."""
        return showable(super().render_field(field, render_kw))  # type: ignore[misc]


class TakesFilesAlone:
    """Which parts of a form are read as files: those of its file fields."""

    def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
        """Return what was sent; a file in the place of a text or a day is taken for nothing sent.

        The library would hand it to that field, which can do nothing with it.
        """
        sent = super().wrap_formdata(form, formdata)  # type: ignore[misc]
        if not isinstance(sent, CombinedMultiDict):
            return sent
        known = {field.name for field in form if isinstance(field, FileField)}
        files = {name: request.files.getlist(name) for name in known & request.files.keys()}
        return CombinedMultiDict([MultiDict(files), request.form])


class RowForm(Form):
    """One row of a list within a form."""

    class Meta(Readable, Form.Meta):
        """Draw fields as all forms do."""


class PageForm(FlaskForm):
    """A form of a page."""

    class Meta(TakesFilesAlone, Readable, FlaskForm.Meta):
        """Draw fields as all forms do."""


class EditForm(PageForm):
    """A form that changes something that is stored; `version` in a hidden field tells a stale edit.

    Show it with `{{ csrf() }}` and `{{ form.version() }}`.
    """

    version = VersionField()


def seen_version() -> int | None:
    """Return the version of the thing that the page was opened with; None if it does not say."""
    field = EditForm().version
    version: int | None = field.data if field.raw_data else None
    return version


class AddressForm(FlaskForm):
    """A form that is read from the address: it changes nothing and carries no token."""

    class Meta(PageForm.Meta):
        """Forms of a GET have nothing to protect."""

        csrf = False

    @property
    def in_address(self) -> dict[str, Any]:
        """Return what was chosen as it stands in the address; what is refused is left out."""
        return {f.name: f.data for f in self if f.data and not f.errors}

    def without(self, name: str) -> dict[str, Any]:
        """Return what was chosen but for one thing, as it stands in an address."""
        return {key: value for key, value in self.in_address.items() if key != name}

    def chosen(self, names: Iterable[str]) -> list[tuple[str, Message, Any]]:
        """Return, of some lists, each that a value was chosen of: its name, its label and that of
        the value."""
        given = self.in_address
        return [
            (name, self[name].label.text, _label(self[name])) for name in names if name in given
        ]


def _label(field: OneOfField) -> Any:
    return next(
        (option.label for option in field.choices if option.value == field.data), field.data
    )


class ActionForm(PageForm):
    """A form that holds a button and nothing else to type."""


def render_form(
    template: str, form: FlaskForm, *, problem: str | Words = "", **context: Any
) -> Response:
    """Render `template` with `form` again: 400 if it was sent and refused, 200 if it is new, or if
    somebody goes on with what was kept and is refused nothing.

    `problem` says in words what has changed meanwhile; the answer is 409 then. Whoever catches a
    refusal rolls back before anything of the page is looked up, or it would show what had begun as
    done.
    """
    g.shown_going_on = (
        g.get("going_on", False) and not problem and set(form.errors) == {"csrf_token"}
    )
    refused = request.method == "POST" and not g.shown_going_on
    status = HTTPStatus.BAD_REQUEST if refused else HTTPStatus.OK
    body = render_template(template, form=form, problem=problem, **context)
    return make_response(body, HTTPStatus.CONFLICT if problem else status)


def say_done(act: Callable[[], object], done: str) -> None:
    """Do something and say so at the top of the next page, or that somebody else has done it."""
    try:
        act()
    except DoneSinceError as error:
        roll_back()
        flash(str(error), "error")
    else:
        flash(done)
