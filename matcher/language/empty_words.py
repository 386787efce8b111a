"""Words that say nothing of who suits a request: of asking, of time and number, of doing things, of
the occasion.

Unlike the small words of :mod:`matcher.language.stopwords` they stand in names of subjects ("use of
force", "working dogs", "new psychoactive substances") and count there; alone they are neither a
term nor a reason ("day" meets "day" in every text of some length).
"""

from __future__ import annotations

from functools import cache
from typing import Final

from matcher.language.stemming import stem
from matcher.language.tokens import fold, to_latin

# Rows of data/thesaurus/words.tsv, which hold the words of the eight languages.
_EMPTY_SENSES: Final = """
    accept adviser allow announce annual ask-answer between change commit continue
    contribute correct deadline develop discuss document effective encourage estimate
    everyone-own expert explain fail find finish forget found give-up help help-request hope
    implement inform introduce join know-not knowledge launch learn list listen meet mix-up
    need objective observe occasion organise participate plan practical prepare programme project
    propose quick remember report-doc represent result see send show skilled slow
    solve-problem speak step stop-it table task-assign team trainer understand visit
    work-together write
"""
EMPTY_SENSES: Final = frozenset(_EMPTY_SENSES.split())
# Its wordings are of several words ("regional conference"), of which none says anything either.
OCCASION: Final = "occasion"

_EMPTY_WORDS: Final = {
    "en": """
        able adviser advisor again agency answer answers authority body institution service
        ask asked away back bad base become begin best better big bring call case check
        checked come day days deal different do done early end enough every expert experts
        explain explained find first follow followed full general get give go good great
        group half hand have hear heard help high hold holding holds hour hours important
        include information issue keep kind know large last late level like line little long
        look make making matter may mend month months move much name need needed needs new
        next number offer old open part people person persons place please point possible
        provide put question ready real receive related right run say see seek send set sign
        signs small somebody someone something special specialist start still support sure
        take talk tell thing things think time times today true try turn two use used useful
        using wait want wanted wants way ways week weeks well whole work worked working
        works world write year years yes""",
    "fr": """
        aide aider année annees beau autorité besoin conseiller consultant institution
        organe service bon bonne bonnes bons chaque chose choses connaître début demande
        demander dernier dernière deux devoir dire donner expert experte experts falloir fin
        général grand grande gens heure heures homme jour jours jusque lieu mettre mois nom
        nombre nouveau nouvelle nouvelles nouveaux partie personne personnes petit petite
        pouvoir premier première prendre question savoir semaine semaines soutien temps
        travail travailler trois trouver utiliser venir voir vouloir""",
    "ru": """
        ведомство большой консультант орган служба советник учреждение важный вид видеть
        время вопрос говорить год года годы давать день дня дней делать дело должен другой
        знать иметь использование использовать конец месяц место много мочь найти начать
        недели неделя новый новые нужда нужно общий один первый поддержка помощь последний
        потребность просить работа работать раз сделать сказать спросить спрашивать
        специалист специалисты стать хороший хотеть час часть человек люди людей эксперт
        эксперты""",
    "uk": """
        бачити великий відомство консультант орган радник служба установа важливий вид
        говорити давати день дні днів діло експерт експерти інший знати знайти кінець людина
        люди людей мати місце місяць могти новий нові один останній перший підтримка питання
        потреба потрібно почати просити працювати раз робити робота сказати спитати тиждень
        тижні тижнів фахівець фахівці хороший хотіти час частина""",
    "ro": """
        ajutor an anul ani autoritate consilier consultant instituție organ serviciu buna
        bun bune buni cere cerere da desfășura expert experți experta face folosi folosire
        găsi general loc lucra lucru lucruri lună luni mare mic muncă nevoie nou nouă noi
        noua număr oameni om oră ore parte persoană persoane primul prima putea săptămână
        săptămâni spune specialist specialiști sprijin sta timp trebui ultim utiliza
        utilizare vedea vrea zi zile zilele întreba întrebare""",
    "sq": """
        ditë dite autoritet institucion këshilltar këshilltare organ shërbim ditët java javë
        jave muaj muaji herë here kohë kohe koha punë pune puna punoj njeri njerëz njerez
        person persona personi ekspert ekspertë ekspertin specialist mirë mire ri re reja
        rinj madh madhe vogël vogel nevojë nevoje nevojshme ndihmë ndihme mbështetje
        mbeshtetje përdor perdor përdorim perdorim pyet pyetje kërkesë kerkese bëj bej jap
        marr shoh flas fund fillim parë pare fundit pjesë pjese vend numër numer""",
    "mk": """
        ден дена дни недела недели месец месеци година време час часа човек луѓе лице лица
        експерт експерти експертот институција орган советник служба консултант специјалист
        нов нова ново нови добар добра добро добри голем голема големо големи мал мала
        потреба потребно помош поддршка користи користење прашање прашува бара барање работа
        работи работат има имаат прави дава каже види знае место дел крај почеток прв прва
        последен последна број""",
    "bcms": """
        dan dana dani dane nedelja nedelje nedjelja nedjelje sedmica sedmice tjedan tjedna
        tjedni mesec meseca meseci mjesec mjeseca mjeseci vreme vrijeme sat sata sati čovek
        čovjek ljudi ljude osoba osobe osoba lice lica ekspert eksperta eksperti institucija
        organ služba ustanova savetnik savjetnik konsultant stručnjak stručnjaka stručnjaci
        specijalista nov nova novo novi nove dobar dobra dobro dobri veliki velika veliko
        mali mala potreba potrebe potrebni potrebne pomoć pomoći podrška podrške podršku
        koristi korišćenje korištenje pitanje pitanja pita traži traže zahtev zahtjev rad
        rada radi rade raditi radu imati ima imaju dati daje reći kaže videti vidjeti zna
        mesto mjesto deo dio dela dijela kraj početak prvi prva prvo poslednji posljednji
        zadnji broj broja""",
}
# Numbers that share their stem with no other word of use.
_NUMBERS: Final = {
    "en": """
        three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty
        fifty sixty seventy eighty hundred thousand million dozen""",
    "fr": """
        quatre cinq six sept huit dix onze douze quinze vingt trente quarante cinquante
        soixante cent centaine mille millier million douzaine dizaine""",
    "ru": """
        два две три четыре пять шесть восемь девять десять двенадцать двадцать тридцать
        сорок сотня сотни тысяча миллион""",
    "uk": """
        два дві три чотири шість вісім десять дванадцять двадцять тридцять сорок сотня
        сотні тисяча мільйон""",
    "ro": """
        doi două trei patru cinci șase șapte opt zece doisprezece douăsprezece douăzeci
        treizeci patruzeci mie mii milion milioane""",
    "sq": """
        dy tre tri katër pesë gjashtë shtatë tetë dhjetë dymbëdhjetë njëzet tridhjetë qind
        qindra mijë mijëra milion""",
    "mk": """
        два две три четири пет шест седум осум девет десет дванаесет дваесет триесет
        стотина илјада илјади милион""",
    "bcms": """
        dva dve dvije tri četiri pet šest sedam osam devet deset dvanaest dvadeset trideset
        stotina hiljada hiljadu tisuća milion milijun""",
}
# Small words of place, order and kind, of measures, and of having done something, which are too
# telling for :mod:`matcher.language.stopwords` only inside of names.
_SMALL_WORDS: Final = {
    "en": """
        afterwards around available currently else instead itself mainly mostly otherwise
        overall ourselves previous similar themselves usually whatever kilometre kilometres
        percent tonne tonnes""",
    "fr": """
        ceux celui même mêmes parfois peut presque puis sinon souhaiter souhaite surtout
        beaucoup moment minute minutes tonne tonnes hectare hectares""",
    "ru": """
        вокруг всегда потом потому сначала такой такая там тем этому можно километр гектар
        процент минута тонна""",
    "uk": """
        завжди замість можна потім протягом такий такі їхній самий однаковий кілометр
        гектар відсоток хвилина тонна""",
    "ro": """
        acolo acum aceeași același apoi astfel atunci chiar desigur întotdeauna orice uneori
        hectar hectare kilometru kilometri tone minut minute""",
    "sq": "njëjtë njëjta gjithmonë tani pastaj atje kilometra hektarë përqind",
    "mk": """
        исто ист иста исти истиот некој неколку потоа сакам секогаш таму километри хектари
        тони""",
    "bcms": """
        danas inače isto isti ista iste istom neko nekoga netko odmah tada toga tome uvek
        uvijek zaista zatim komada hektara kilometara posto uveo uvela izveo izvela""",
}
# Where somebody works; which matter it is of is told beside it.
_OFFICES: Final = {
    "en": "directorate department ministry",
    "fr": "département ministère",
    "ru": "департамент министерство",
    "uk": "департамент міністерство",
    "ro": "departament minister",
    "sq": "departament drejtori ministri",
    "mk": "дирекција министерство",
    "bcms": "direkcija ministarstvo",
}
_FIRST_YEAR, _LAST_YEAR = 1950, 2049


@cache
def empty_stems(language: str) -> frozenset[str]:
    """The stems of the empty words of a language."""
    lists = (_EMPTY_WORDS, _SMALL_WORDS, _NUMBERS, _OFFICES)
    words = " ".join(named[language] for named in lists)
    return frozenset(stem(folded_as_tokens(word, language), language) for word in words.split())


def folded_as_tokens(word: str, language: str) -> str:
    return to_latin(fold(word)) if language in ("mk", "bcms") else fold(word)


def is_empty(term: str, language: str) -> bool:
    """Whether the stem of a word alone says nothing: an empty word, a year or noughts."""
    if term.isdigit():
        # The last group of "8,000" is all that is left of it.
        return not term.strip("0") or (len(term) == 4 and _FIRST_YEAR <= int(term) <= _LAST_YEAR)
    return term in empty_stems(language)
