"""Words with which anybody is asked for, whatever for, and those of courtesy.

Everybody who pastes a mail writes "Dear colleagues, we ask for an expert": of who is asked for that
tells nothing, while a profile that happens to have the rare word "expert" would be found by it.
Other words that say nothing by themselves (:mod:`matcher.language.empty_words`) tell something
where a request has hardly any subject.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from matcher.language.empty_words import folded_as_tokens
from matcher.language.stemming import stem

# Rows of data/thesaurus/words.tsv, which hold the words of the eight languages.
ASKING_SENSES: Final = frozenset({"expert", "help", "help-request", "need"})

_ASKING: Final = {
    "en": """
        ask asked expert experts specialist request need needed support help seek assistance
        please dear hello thanks thank sincerely regards kindly below""",
    "fr": """
        expert experte experts spécialiste demande demander besoin appui soutien aide
        assistance chercher cher chère bonjour merci salutations cordialement ci-dessous
        veuillez""",
    "ru": """
        просить просим просьба эксперт эксперты специалист специалисты запрос нужен нужно
        нужда поддержка помощь содействие уважаемый уважаемые здравствуйте спасибо заранее
        благодарность пожалуйста ниже""",
    "uk": """
        просити просимо прохання експерт експерти фахівець фахівці спеціаліст запит потрібен
        потрібно потреба підтримка допомога сприяння шановний шановні вітаю дякую дякуємо
        наперед подяка ласка нижче""",
    "ro": """
        cere cerere cerem expert experți experta specialist specialiști solicitare nevoie
        sprijin ajutor asistență stimate stimați bună mulțumesc mulțumim mulțumiri anticipat
        rog rugăm jos""",
    "sq": """
        kërkoj kërkojmë kërkesë kerkese ekspert ekspertë ekspertin specialist nevojë nevoje
        ndihmë ndihme mbështetje mbeshtetje asistencë dashur përshëndetje faleminderit
        paraprakisht lutem lutemi poshtë""",
    "mk": """
        бара бараме барање експерт експерти експертот специјалист стручњак потреба потребно
        потребен поддршка помош почитуван почитувани здраво благодарам благодариме однапред
        ве молам молиме подолу""",
    "bcms": """
        traži tražimo traže molimo zahtev zahtjev ekspert eksperta eksperti stručnjak
        stručnjaka stručnjaci specijalista potreba potreban potrebno potrebni podrška
        podrške podršku pomoć pomoći poštovani poštovana zdravo hvala unaprijed unapred
        zahvaljujemo pozdrav srdačan ispod dole""",
}


@cache
def _asking_stems(language: str) -> frozenset[str]:
    words = _ASKING[language].split()
    return frozenset(stem(folded_as_tokens(word, language), language) for word in words)


def is_asking(term: str, language: str) -> bool:
    """Whether the stem of a word is one of asking or of courtesy."""
    return term in _asking_stems(language)
