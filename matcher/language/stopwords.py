"""Words that carry no subject, by language.

Each list is our own. It holds the closed classes of the language (articles, pronouns, prepositions,
conjunctions, auxiliaries, numerals in words) and nothing that can name a subject: "force", "fire",
"system", "interest" or "serious", which circulate in English lists, stay out because a police
roster uses them in earnest ("use of force", "serious crime", "conflict of interest").

French "car" (because) is left out, since an English entry of three words may speak of a car.

The same lists tell the languages apart, so they also hold frequent closed-class words that would
hardly matter for ranking. Words are written with their diacritics here and folded when loaded.
"""

from __future__ import annotations

from typing import Final

ENGLISH: Final = """
a an the this that these those and or but nor so yet if then than because while although though
unless until
of in on at by for from to into onto with without within about between among across through during
before after
above below under over against upon off out up down near since per via
i me my we us our ours you your yours he him his she her hers it its they them their theirs one
ones
who whom whose which what when where why how whether
am is are was were be been being do does did done doing have has had having will would shall should
can could
may might must cannot
not no nor never none nothing nobody each every all any some both either neither few more most much
many several
other others another such same own only just also too very quite rather even still already again
ever once here
there now soon later often always sometimes usually however therefore thus etc as like
don doesn didn isn aren wasn weren hasn haven hadn won wouldn shouldn couldn can ll ve re
two three four five six seven eight nine ten twelve twenty hundred thousand
"""

FRENCH: Final = """
le la les un une des du de au aux ce cet cette ces et ou où mais donc or ni si que qui quoi dont
lequel laquelle
à dans par pour en vers avec sans sous sur entre chez depuis pendant avant après contre jusque
je tu il elle on nous vous ils elles me te se lui leur leurs mon ma mes ton ta tes son sa ses notre
nos votre vos quand quel quelle quels quelles
est sont était être été suis êtes sommes ai as avons avez ont avait avoir sera seront fait faire
ne pas plus moins très aussi encore déjà toujours jamais tout toute tous toutes même autre autres
comme ainsi alors
cherchons souhaitons demandons voulons ans an jours jour qu
"""

RUSSIAN: Final = """
и в во на с со к ко по за из изо от до у о об при про для над под перед между через без после
а но или либо же ли бы как что чтобы если когда где куда который которая которое которые которых кто
чей
я мы ты вы он она оно они меня нас вас его её ее их им ими мне нам вам ему ей себя свой свои своих
наш наша наше наши нашего нашей наших нашим нашими нашу ваш ваша ваше ваши вашего вашей ваших
мой моя моё мои мою моего моей моих какой какая какое какие каких
это этот эта эти тот та те то такой все весь всех всё был была было были есть быть будет будут
не ни нет да уже ещё еще только также тоже очень более менее чем лет год года
нужен нужна нужно нужны надо ищем требуется просим
"""

UKRAINIAN: Final = """
і й та в у на з зі із до від за для про при над під перед між через без після по
а але або чи же би б як що щоб якщо коли де куди який яка яке які яких хто
я ми ти ви він вона воно вони мене нас вас його її їх їм мені нам вам собі себе свій свої своїх
наш наша наше наші нашого нашої наших нашим нашими нашу ваш ваша ваше ваші вашого вашої ваших
мій моя моє мої мою мого моєї моїх
це цей ця ці той те ті такий усі весь всі всіх було був була були є бути буде будуть
не ні так уже вже ще тільки лише також теж дуже більш менш ніж років рік роки
потрібен потрібна потрібно потрібні треба шукаємо просимо
"""

ROMANIAN: Final = """
un o unui unei unor niște cel cea cei cele al a ai ale lui și sau dar ori iar însă deci dacă că să
ca
de din în la pe cu pentru prin până spre către după între fără sub peste lângă contra despre dintre
eu tu el ea noi voi ei ele îmi îți își ne vă le mă te se mi ți lor meu mea mei mele nostru noastră
noștri noastre vostru voastră voștri voastre înainte
care ce cine cum când unde cât acest această acești aceste acel acea acei acele
este e sunt era erau fost fi fiind am ai are avem aveți au va vor ar
nu nici mai foarte tot toți toate fiecare doar numai și încă deja așa ani an
dorim căutăm cerem
"""

ALBANIAN: Final = """
i e të së një dhe ose apo por nëse kur ku që si se sa pse
në me pa për nga te tek prej deri mbi nën ndër midis para pas gjatë kundër drejt brenda jashtë
unë ne ju ai ajo ata ato im ime mia tim sonë tonë tanë ynë jonë juaj tuaj tij saj tyre
çfarë kush cili cila cilët cilat
është janë ishte ishin jam jemi kam kemi ka kanë kishte do duhet mund qenë
nuk mos as edhe më shumë pak vetëm gjithashtu tjetër tjera çdo gjithë kjo ky këto këta
kërkojmë duam vjet vit
"""

SERBO_CROAT: Final = """
i a ali ili pa te da ne ni niti nego već jer ako kad kada dok kako što šta koji koja koje kojih
kojima kojem kojoj koju
u na o po pri za s sa od do iz k ka kod bez pod nad pred među kroz preko prema između protiv zbog
radi tokom tijekom nakon
poslije posle prije pre
ja ti on ona ono mi vi oni one me mene te tebe se sebe ga mu je joj ju ih im nas nam vas vam njih
njima
moj moja moje moji tvoj naš naša naše naši našeg našem našim naših našu vaš vaša vaše vaši vašeg
vaših njihov njihova njihove gdje gde ko njegov njen svoj svoja svoje svojih
sam si je smo ste su jesam bio bila bilo bili biti bude budu će ću ćemo bi bih bismo
taj ta to ti te ove ovo ova ovaj onaj sve svi svih svaki svaka neki neka neke
samo još također takođe vrlo vise više manje godina godine dana treba trebaju tražimo potreban
potrebna potrebno
"""

MACEDONIAN: Final = """
и а но или па да не ни ниту туку дека ако кога каде како што кој која кое кои чиј
во на о по при за со од до из кон кај без под над пред меѓу низ преку спрема против поради поврзано
после
јас ти тој таа тоа ние вие тие ме мене те тебе се себе го му ја и ги им нас нам нѐ ни вас ви
мој моја мое мои наш наша наше наши нашиот нашата нашето нашите ваш ваша ваше ваши вашиот вашата
вашите нивен нивна нивни негов нејзин свој своја свое свои
сум си е сме сте се беше беа бев биде бил била било биле ќе би има имаат нема
овој оваа ова овие оној сите секој секоја некој само уште исто многу повеќе помалку години година
дена треба бараме
"""

BY_LANGUAGE: Final[dict[str, list[str]]] = {
    "en": ENGLISH.split(),
    "fr": FRENCH.split(),
    "ru": RUSSIAN.split(),
    "uk": UKRAINIAN.split(),
    "ro": ROMANIAN.split(),
    "sq": ALBANIAN.split(),
    "bcms": SERBO_CROAT.split(),
    "mk": MACEDONIAN.split(),
}
