"""Which language a page is in: the one that the person has set, else the browser's first choice."""

from flask import Flask, request, session
from flask_babel import Babel
from flask_security import current_user
from werkzeug.datastructures import LanguageAccept

from webapp.core.responses import static_files
from webapp.core.responses.accepts import accepts
from webapp.core.words import language, translation

# Where the choice of somebody without an account is kept.
CHOSEN = "language"
# Files, and what machines ask for: answered alike for all, and without the database.
WITHOUT_READER = static_files.ENDPOINTS | {"home.healthz", "home.readyz", "home.metrics"}


def _read_browser() -> None:
    accepted = accepts("Accept-Language", LanguageAccept).best_match(language.languages())
    language.use_language(accepted or language.SOURCE_LANGUAGE)


def asked_for() -> str | None:
    """Return the language that a stranger has chosen, else their browser's, if we speak it."""
    chosen: str | None = session.get(CHOSEN)
    if chosen in language.languages():
        return chosen
    return accepts("Accept-Language", LanguageAccept).best_match(language.languages())


def read_choice() -> None:
    """Go over to the language that the person has set, if they have."""
    if request.endpoint in WITHOUT_READER:
        return
    if "_user_id" in session and current_user.is_authenticated:
        chosen = current_user.language
    else:
        chosen = session.get(CHOSEN)
    if chosen in language.languages():
        language.use_language(chosen)


def _end(_error: BaseException | None) -> None:
    language.use_language(language.SOURCE_LANGUAGE)


def init_app(app: Flask) -> None:
    """Put the pages of `app` into the language of their reader."""
    # Flask-Babel brings the words of Flask-Security and the tags of Jinja; ours come from the same
    # catalogues as those of mails and refusals, which are written where there is no page.
    Babel(app, locale_selector=language.current_language)
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.translated,
        translation.translated_plural,
        newstyle=True,
        pgettext=translation.translated_in_context,
    )
    app.jinja_env.globals.update(
        current_language=language.current_language, languages=language.languages
    )
    app.before_request(_read_browser)
    app.teardown_request(_end)


def follow_choices(app: Flask) -> None:
    """Let what people have set go before what their browser says.

    It looks into the database, so the request's transaction must have begun: until then, and where
    the database does not answer, pages are in the browser's language.
    """
    app.before_request(read_choice)
