"""What stands above a form that was refused."""

import pytest
from flask import Flask, get_template_attribute
from wtforms import BooleanField
from wtforms.validators import InputRequired

from webapp.core.forms.page_forms import PageForm
from webapp.core.words.translation import _


class AgreeForm(PageForm):
    """A form whose label is a sentence, or is none."""

    agree = BooleanField("", validators=[InputRequired(_("Please fill this in."))])


@pytest.mark.parametrize("label", ["I have read the notice.", "I have read the notice"])
def test_what_was_refused_stands_behind_its_label_whether_that_is_a_sentence_or_not(
    app: Flask, label: str
) -> None:
    with app.test_request_context(method="POST", data={}):
        form = AgreeForm(meta={"csrf": False})
        form.agree.label.text = label
        form.validate()
        summary = get_template_attribute("components.html", "error_summary")(form)
    assert ">I have read the notice: Please fill this in.<" in str(summary)
