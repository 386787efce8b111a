"""In which language a requester reads what an expert can do, as far as there are words in it."""

from collections.abc import Iterable
from dataclasses import dataclass

from webapp.core.errors import ConflictError
from webapp.core.words.language import SOURCE_LANGUAGE, current_language, languages
from webapp.core.words.translation import Deferred, _
from webapp.core.words.vocabularies import language_name
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert
from webapp.matches.models import Match

# So many characters hold what a requester reads of one expert.
LONGEST = 1500
# So few words may have no small one among them, and of more about a tenth is one, at least.
_FEW_WORDS = 8
_LEAST_SHARE = 0.1


@dataclass(frozen=True)
class Summary:
    """A summary, its language, and the language of who reads it."""

    text: str
    language: str
    reading: str

    @property
    def is_readers(self) -> bool:
        """Tell whether it is in the language of who reads it."""
        return self.language == self.reading

    def is_foreign(self, words: str) -> bool:
        """Tell whether words of the profile beside it are not in the language of who reads it."""
        return bool(words) and not is_in(words, self.reading)


def language_of(request: ExpertiseRequest) -> str:
    """Return the language in which the requester reads the platform."""
    chosen = request.requester.language
    return chosen if chosen in languages() else SOURCE_LANGUAGE


def refuse_another(request: ExpertiseRequest, asked: Iterable[str | None]) -> None:
    """Refuse in words what was asked for in another language than the requester reads by now."""
    language = language_of(request)
    if any(code not in {None, language} for code in asked):
        raise ConflictError(
            _(
                "The requester has chosen another language since you opened the page, and now reads"
                " in: %(language)s.",
                language=Deferred(language_name, language),
            )
        )


def is_in(text: str, language: str) -> bool:
    """Tell whether a text seems to be written in a language, by its letters and small words.

    A longer one has more than a few of them: one in a language that the matcher does not know would
    else be whichever is the likeliest of those that it knows.
    """
    import matcher

    if matcher.guess_language(text) != language:
        return False
    is_short = len(text.split()) < _FEW_WORDS
    return is_short or matcher.sign_share(text, language) >= _LEAST_SHARE


def offered(expert: Expert, language: str) -> str:
    """Return the beginning of what a profile says of itself, if that is in this language; a
    coordinator reads it before a requester does."""
    if not is_in(expert.summary, language):
        return ""
    if len(expert.summary) <= LONGEST:
        return expert.summary
    whole_words, _blank, _cut = expert.summary[: LONGEST - 1].rpartition(" ")
    return f"{whole_words}…"


def summary_of(match: Match, reading: str | None = None) -> Summary:
    """Return the summary in the language of who reads it where there is one, else that in English,
    else what there is; its text is empty where nobody wrote any.

    Who reads is whoever has the page open, unless it shows what somebody else is going to read.
    """
    reading = reading or current_language()
    found = {SOURCE_LANGUAGE: match.expert.english_summary}
    if match.summary_language and match.summary_written:
        found[match.summary_language] = match.summary_written
    for language in (reading, SOURCE_LANGUAGE, *found):
        if text := found.get(language):
            return Summary(text, language, reading)
    return Summary("", reading, reading)
