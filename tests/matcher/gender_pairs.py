"""Feminine and masculine forms of one word in the same number and case, by language.

Written from the grammars of the languages and not from the tables that the library reads.
"""

from __future__ import annotations

from typing import Final

PAIRS: Final = {
    "en": """
        policewoman/policeman chairwoman/chairman chairwomen/chairmen
        chairwoman/chairperson spokeswoman/spokesman spokeswoman/spokesperson
        spokeswomen/spokesmen servicewoman/serviceman airwomen/airmen
        firewoman/fireman camerawoman/cameraman councilwoman/councilman
        congresswomen/congressmen businesswoman/businessman airwoman/airman
        actress/actor actresses/actors hostess/host inspectress/inspector
    """,
    "fr": """
        enquêtrice/enquêteur enquêtrices/enquêteurs inspectrice/inspecteur inspectrices/inspecteurs
        formatrice/formateur formatrices/formateurs instructrice/instructeur
        policière/policier policières/policiers directrice/directeur directrices/directeurs
        conseillère/conseiller conseillères/conseillers cheffe/chef cheffes/chefs
        officière/officier officières/officiers coordinatrice/coordinateur
        négociatrice/négociateur médiatrice/médiateur évaluatrice/évaluateur
        contrôleuse/contrôleur chercheuse/chercheur recruteuse/recruteur
        experte/expert expertes/experts agente/agent lieutenante/lieutenant
        commandante/commandant présidente/président consultante/consultant
        adjointe/adjoint magistrate/magistrat avocate/avocat procureure/procureur
        gardienne/gardien technicienne/technicien chirurgienne/chirurgien
        formée/formé formées/formés nommée/nommé détachée/détaché chargée/chargé
        spécialisée/spécialisé employée/employé blessée/blessé
        douanière/douanier infirmière/infirmier sportive/sportif active/actif
        brigadière/brigadier pompière/pompier opératrice/opérateur traductrice/traducteur
        procureuse/procureur procureuses/procureurs professeuse/professeur
        défenseuse/défenseur assesseuse/assesseur assesseuses/assesseurs
        contrôleuses/contrôleurs conductrice/conducteur conductrices/conducteurs
        gendarmette/gendarme caporale/caporal caporales/caporaux majore/major colonelle/colonel
        générale/général sergente/sergent préfète/préfet députée/député sénatrice/sénateur
        ambassadrice/ambassadeur greffière/greffier huissière/huissier enquêteuse/enquêteur
        enquêteuses/enquêteurs sauveteuse/sauveteur logisticienne/logisticien
        informaticienne/informaticien statisticienne/statisticien assistante/assistant
        assistantes/assistants étudiante/étudiant démineuse/démineur démineuses/démineurs
        plongeuse/plongeur tireuse/tireur cavalière/cavalier motarde/motard veilleuse/veilleur
        auditrice/auditeur rapporteuse/rapporteur rédactrice/rédacteur modératrice/modérateur
        promue/promu affectée/affecté mutée/muté élue/élu nommées/nommés compétente/compétent
        compétentes/compétents
        armurière/armurier magasinière/magasinier balisticienne/balisticien
        artificière/artificier saisie/saisi préposée/préposé sapeuse/sapeur
    """,
    "ru": """
        везла/вёз несла/нёс привезла/привёз
        следовательница/следователь следовательницы/следователи следовательницей/следователем
        инструкторша/инструктор инструкторши/инструкторы начальница/начальник
        начальницы/начальники начальницей/начальником начальнице/начальнику
        сотрудница/сотрудник сотрудницы/сотрудники сотрудницей/сотрудником сотрудниц/сотрудников
        полицейская/полицейский полицейской/полицейского полицейскую/полицейского
        помощница/помощник советница/советник пограничница/пограничник
        преподавательница/преподаватель руководительница/руководитель
        разведчица/разведчик переводчица/переводчик допросчица/допросчик
        специалистка/специалист криминалистка/криминалист журналистка/журналист
        журналисток/журналистов консультантка/консультант студентка/студент
        экспертка/эксперт авторка/автор психологиня/психолог директорша/директор
        следователница/следовател следователницы/следователы юристка/юрист юристки/юристы
        юристкой/юристом солдатка/солдат экспертиня/эксперт
        секретарша/секретарь офицерша/офицер
        военнослужащая/военнослужащий ответственная/ответственный обученная/обученный
        назначена/назначен награждена/награжден расследовала/расследовал вела/вёл
        провела/провёл возглавляла/возглавлял руководила/руководил преподавала/преподавал
        занималась/занимался обучалась/обучался служила/служил прошла/прошёл
        прошла/прошел пришла/пришел нашла/нашёл помогла/помог несла/нёс принесла/принёс
        смогла/смог достигла/достиг должна/должен
        командирша/командир майорша/майор генеральша/генерал лейтенантка/лейтенант
        сержантка/сержант инспекторша/инспектор оперативница/оперативник участница/участник
        участницам/участникам наставница/наставник наставницами/наставниками охранница/охранник
        дежурная/дежурный дежурной/дежурного заведующая/заведующий заместительница/заместитель
        заместительницей/заместителем представительница/представитель
        представительницы/представители исполнительница/исполнитель тренерша/тренер
        тренерки/тренеры кинологиня/кинолог кинологини/кинологи докторша/доктор учительница/учитель
        учительницам/учителям чиновница/чиновник чиновницы/чиновники выпускница/выпускник
        слушательница/слушатель депутатка/депутат активистка/активист юристками/юристами
        эксперткой/экспертом вышла/вышел подготовила/подготовил написала/написал
        организовала/организовал отвечала/отвечал ушла/ушёл нашедшая/нашедший уволена/уволен
        пострадавшая/пострадавший подозреваемая/подозреваемый
        пиротехничка/пиротехник проверяла/проверял уничтожила/уничтожил
        промаркировала/промаркировал уполномоченная/уполномоченный изъявшая/изъявший
        переговорщица/переговорщик кладовщица/кладовщик снайперша/снайпер оружейница/оружейник
        изымала/изымал пересчитала/пересчитал назначенная/назначенный
        командированная/командированный взрывотехница/взрывотехник дознавательница/дознаватель
        отвечавшая/отвечавший
    """,
    "uk": """
        прапорщиця/прапорщик охоронниця/охоронець
        слідча/слідчий слідчої/слідчого слідчу/слідчого слідчою/слідчим слідчі/слідчі
        інспекторка/інспектор інспекторки/інспектори інспекторкою/інспектором
        інспекторок/інспекторів інспекторці/інспектору керівниця/керівник
        керівниці/керівники керівницею/керівником керівниць/керівників
        начальниця/начальник заступниця/заступник помічниця/помічник радниця/радник
        речниця/речник прикордонниця/прикордонник очільниця/очільник дослідниця/дослідник
        службовиця/службовець військовослужбовиця/військовослужбовець
        посадовиця/посадовець фахівчиня/фахівець членкиня/член психологиня/психолог
        поліцейська/поліцейський поліцейської/поліцейського експертка/експерт
        тренерка/тренер офіцерка/офіцер командирка/командир директорка/директор
        інструкторка/інструктор координаторка/координатор викладачка/викладач
        перекладачка/перекладач журналістка/журналіст спеціалістка/спеціаліст
        лейтенантка/лейтенант сержантка/сержант вчителька/вчитель адвокатка/адвокат
        поліціянтка/поліціянт поліціянтки/поліціянти поліціянткою/поліціянтом
        юристка/юрист юристки/юристи юристкою/юристом лікарка/лікар солдатка/солдат
        дипломатка/дипломат аналітикиня/аналітик академікиня/академік педагогиня/педагог
        прокурорка/прокурор суддя/суддя
        очолювала/очолював очолила/очолив керувала/керував розслідувала/розслідував
        навчала/навчав працювала/працював служила/служив вела/вів провела/провів
        пройшла/пройшов допомогла/допоміг підготувала/підготував виконала/виконав
        підготовлена/підготовлений відповідальна/відповідальний
        командирки/командири майорка/майор капітанка/капітан полковниця/полковник
        полковниці/полковники начальницею/начальником патрульна/патрульний патрульної/патрульного
        оперативниця/оперативник тренерок/тренерів викладачками/викладачами наставниця/наставник
        рятувальниця/рятувальник рятувальниці/рятувальники психологині/психологи кінологиня/кінолог
        кінологинею/кінологом юристками/юристами депутатка/депутат депутаткам/депутатам
        заступниці/заступники учасниця/учасник учасницями/учасниками вчила/вчив вийшла/вийшов
        перемогла/переміг несла/ніс відповідала/відповідав розробила/розробив
        призначена/призначений інспекторками/інспекторами офіцерками/офіцерами снайперка/снайпер
        курсантками/курсантами піхотинка/піхотинець кулеметниця/кулеметник розвідницею/розвідником
        прикордонниць/прикордонників правоохоронниця/правоохоронець поліцейською/поліцейським
        журналістками/журналістами помічницею/помічником змогла/зміг
        балістикиня/балістик дізнавачка/дізнавач вибухотехнікиня/вибухотехнік
        переговорниця/переговорник перевіряла/перевіряв вилучила/вилучив
        уповноважена/уповноважений промаркувала/промаркував зброярка/зброяр складала/складав
        знищила/знищив відряджена/відряджений стрілиця/стрілець комірниця/комірник саперка/сапер
    """,
    "ro": """
        antrenoare/antrenor antrenoarea/antrenorul
        polițistă/polițist polițiste/polițiști polițista/polițistul polițistei/polițistului
        polițistele/polițiștii polițistelor/polițiștilor anchetatoare/anchetator
        anchetatoare/anchetatori anchetatoarea/anchetatorul anchetatoarei/anchetatorului
        formatoare/formator formatoarele/formatorii formatoarelor/formatorilor
        directoare/director directoarea/directorul inspectoare/inspector
        inspectoarei/inspectorului șefă/șef șefa/șeful șefei/șefului expertă/expert
        experte/experți expertei/expertului coordonată/coordonat instruită/instruit
        consilieră/consilier consilierei/consilierului ofițeră/ofițer ofițerei/ofițerului
        procuroare/procuror judecătoare/judecător avocată/avocat specialistă/specialist
        comandantă/comandant agentă/agent psiholoagă/psiholog psiholoage/psihologi
        ministră/ministru secretară/secretar responsabilă/responsabil numită/numit
        angajată/angajat cercetătoare/cercetător profesoară/profesor profesoare/profesori
        coordonatoare/coordonator negociatoare/negociator evaluatoare/evaluator
        observatoare/observator instructoare/instructor magistrată/magistrat
        criminalistă/criminalist pregătită/pregătit
        ofițerelor/ofițerilor ofițere/ofițeri inspectoarele/inspectorii
        inspectoarelor/inspectorilor procuroarele/procurorii judecătoarele/judecătorii
        jandarmă/jandarm sergentă/sergent locotenentă/locotenent căpitană/căpitan colonelă/colonel
        maioră/maior directoarei/directorului consilierele/consilierii instructoarea/instructorul
        traducătoare/traducător translatoare/translator medică/medic psihologă/psiholog
        psihologele/psihologii juristă/jurist juristele/juriștii avocatele/avocații
        grefieră/grefier vameșă/vameș deputată/deputat studentă/student studentele/studenții
        pregătite/pregătiți comisară/comisar subofițeră/subofițer expertelor/experților
        studentelor/studenților coordonatoarei/coordonatorului angajatele/angajații
        detașată/detașat instruite/instruiți șefele/șefii mediatoarele/mediatorii
        cercetătoarele/cercetătorii observatoarelor/observatorilor
        armurieră/armurier grăniceră/grănicer magazioneră/magazioner chinoloagă/chinolog
        genistă/genist pistolară/pistolar lăcătușă/lăcătuș trimisă/trimis calificată/calificat
        pirotehnistă/pirotehnist purtătoare/purtător
    """,
    "sq": """
        kapitene/kapiten brendshme/brendshëm përgjithshme/përgjithshëm drejtoresha/drejtori
        hetuese/hetues hetuesja/hetuesi hetueses/hetuesit hetuesen/hetuesin hetueset/hetuesit
        hetueseve/hetuesve inspektore/inspektor inspektorja/inspektori inspektoren/inspektorin
        inspektoret/inspektorët inspektoreve/inspektorëve drejtuese/drejtues
        drejtuesja/drejtuesi udhëheqëse/udhëheqës udhëheqësja/udhëheqësi instruktore/instruktor
        instruktorja/instruktori policë/polic police/polic policja/polici
        kryetare/kryetar kryetarja/kryetari eksperte/ekspert ekspertja/eksperti
        specialiste/specialist specialistja/specialisti shefe/shef shefja/shefi
        oficere/oficer oficerja/oficeri prokurore/prokuror prokurorja/prokurori
        gjyqtare/gjyqtar zyrtare/zyrtar zyrtarja/zyrtari mësuese/mësues
        trajnuese/trajnues trajnere/trajner trajnerja/trajneri koordinatore/koordinator
        këshilltare/këshilltar këshilltarja/këshilltari zëdhënëse/zëdhënës
        punonjëse/punonjës nëpunëse/nëpunës përgjegjëse/përgjegjës komandante/komandant
        drejtoreshë/drejtor agjente/agjent
        inspektoresha/inspektori oficereve/oficerëve oficeret/oficerët policet/policët
        policeve/policëve kapitenia/kapiteni majore/major kolonele/kolonel gjenerale/gjeneral
        togere/toger rreshtere/rreshter komisare/komisar komisarja/komisari komisareve/komisarëve
        drejtoreshat/drejtorët shefet/shefët avokate/avokat avokatja/avokati juriste/jurist
        juristet/juristët psikologe/psikolog psikologia/psikologu psikologet/psikologët mjeke/mjek
        mjekja/mjeku gazetare/gazetar gazetaret/gazetarët studente/student kadete/kadet
        përkthyese/përkthyes përkthyesja/përkthyesi ndihmëse/ndihmës zëvendëse/zëvendës
        këshilltareve/këshilltarëve instruktoreve/instruktorëve koordinatoreve/koordinatorëve
        eksperteve/ekspertëve prokuroreve/prokurorëve gjyqtareve/gjyqtarëve mësueset/mësuesit
        vëzhguese/vëzhgues vëzhgueset/vëzhguesit negociatore/negociator analiste/analist
        analistja/analisti zyrtareve/zyrtarëve
        magaziniere/magazinier kontrollore/kontrollor balistike/balistik mjeshtre/mjeshtër
        inspektuese/inspektues armëtare/armëtar doganiere/doganier
        teknike/teknik llogaritare/llogaritar
    """,
    "mk": """
        кадетка/кадет капетанка/капетан генералка/генерал пензионирана/пензиониран донесла/донел
        инспекторка/инспектор инспекторки/инспектори инспекторката/инспекторот
        инспекторките/инспекторите началничка/началник началнички/началници
        началничката/началникот началничките/началниците следователка/следовател
        следователничка/следователник обучувачка/обучувач обучувачката/обучувачот
        раководителка/раководител раководителки/раководители водителка/водител
        советничка/советник заменичка/заменик помошничка/помошник службеничка/службеник
        службенички/службеници полицајка/полицаец полицајки/полицајци
        полицајката/полицаецот обвинителка/обвинител судијка/судија експертка/експерт
        координаторка/координатор директорка/директор министерка/министер
        офицерка/офицер командантка/командант специјалистка/специјалист
        набљудувачка/набљудувач предавачка/предавач новинарка/новинар шефица/шеф
        членка/член колешка/колега портпаролка/портпарол војничка/војник
        водела/водел воделе/воделе истражувала/истражувал обучена/обучен
        одговорна/одговорен стручна/стручен искусна/искусен дошла/дошол нашла/нашол
        менторка/ментор граничарка/граничар психолошкиња/психолог
        следователница/следовател следователници/следователи следователницата/следователот
        лекарка/лекар лекарки/лекари психологиња/психолог
        службеничките/службениците мајорка/мајор потполковничка/потполковник полковничка/полковник
        поручничка/поручник наредничка/наредник командирка/командир командирката/командирот
        истражителка/истражител истражителки/истражители истражителките/истражителите
        предавачки/предавачи предавачките/предавачите инструкторка/инструктор
        инструкторки/инструктори инструкторките/инструкторите тренерка/тренер тренерки/тренери
        набљудувачки/набљудувачи преведувачка/преведувач адвокатка/адвокат адвокатки/адвокати
        правничка/правник правнички/правници аналитичарка/аналитичар аналитичарки/аналитичари
        секретарка/секретар претседателка/претседател претседателката/претседателот
        учесничка/учесник учеснички/учесници советнички/советници форензичарка/форензичар
        работела/работел раководела/раководел обучувала/обучувал учествувала/учествувал
        подготвила/подготвил именувана/именуван назначена/назначен
        балистичарка/балистичар записничарка/записничар преговарачка/преговарач
        запленила/запленил обележала/обележал царинела/царинел стрелачка/стрелец
        магационерка/магационер распоредена/распореден уништувала/уништувал попишала/попишал
        пратеничка/пратеник
    """,
    "bcms": """
        kadetkinja/kadet kadetkinje/kadeti strijelkinja/strijelac
        mentorkinja/mentor starješinka/starješina
        inspektorka/inspektor inspektorke/inspektora inspektorki/inspektoru
        inspektorkom/inspektorom inspektorice/inspektori инспекторка/инспектор
        načelnica/načelnik načelnice/načelnika načelnici/načelniku načelnicom/načelnikom
        načelnice/načelnici načelnicama/načelnicima начелница/начелник
        istražiteljka/istražitelj istražiteljica/istražitelj istražiteljke/istražitelji
        истражитељка/истражитељ istražiteljka/istražilac policajka/policajac
        policajke/policajci policajkama/policajcima policajku/policajca полицајка/полицајац
        instruktorica/instruktor instruktorka/instruktor instruktorke/instruktori
        voditeljica/voditelj voditeljka/voditelj rukovoditeljka/rukovodilac
        rukovoditeljice/rukovodioci službenica/službenik službenice/službenici
        službenicom/službenikom službenicama/službenicima stručnjakinja/stručnjak
        stručnjakinje/stručnjaci vještakinja/vještak vještakinje/vještaci
        tužiteljka/tužilac tužiteljica/tužitelj тужитељка/тужилац koordinatorka/koordinator
        savjetnica/savjetnik savetnica/savetnik
        predsjednica/predsjednik predsednica/predsednik upravnica/upravnik
        zamjenica/zamjenik zamenica/zamenik
        predavačica/predavač posmatračica/posmatrač pregovaračica/pregovarač
        trenerica/trener trenerka/trener psihologinja/psiholog psihologinje/psiholozi
        specijalistkinja/specijalist kandidatkinja/kandidat asistentkinja/asistent
        šefica/šef koleginica/kolega članica/član vojnikinja/vojnik oficirka/oficir
        komandirka/komandir sutkinja/sudija portparolka/portparol ministrica/ministar
        ministarka/ministar novinarka/novinar analitičarka/analitičar
        istraživala/istraživao истраживала/истраживао vodila/vodio obučavala/obučavao
        radila/radio pohađala/pohađao završila/završio rukovodila/rukovodio
        predvodila/predvodio organizovala/organizovao stekla/stekao došla/došao
        ekspertica/ekspert ekspertice/eksperti
        pronašla/pronašao vidjela/vidio podnijela/podnio htjela/htio obučena/obučen
        odgovorna/odgovoran stručna/stručan iskusna/iskusan
        службеницама/службеницима официрка/официр официркама/официрима oficirke/oficiri
        majorka/major kapetanica/kapetan kapetanka/kapetan pukovnica/pukovnik pukovnice/pukovnici
        poručnica/poručnik narednica/narednik narednicama/narednicima kapetanke/kapetani
        komandantkinja/komandant komandantica/komandant zapovjednica/zapovjednik
        zapovjednice/zapovjednici djelatnica/djelatnik djelatnice/djelatnici radnica/radnik
        radnicama/radnicima istraživačica/istraživač istraživačice/istraživači
        prevoditeljica/prevoditelj doktorica/doktor doktorka/doktor ljekarka/ljekar lekarka/lekar
        liječnica/liječnik pravnica/pravnik pravnice/pravnici advokatica/advokat
        odvjetnica/odvjetnik voditeljicama/voditeljima učesnica/učesnik učesnicama/učesnicima
        sudionica/sudionik forenzičarka/forenzičar kinologinja/kinolog pisala/pisao
        pripremila/pripremio vještačila/vještačio imenovana/imenovan zadužena/zadužen
        oružnica/oružnik zapisničarka/zapisničar balističarka/balističar roniteljka/ronilac
        obavještajka/obavještajac daktiloskopičarka/daktiloskopičar predlagačica/predlagač
        uviđajnica/uviđajnik istražila/istražio zaplijenila/zaplijenio označila/označio
        strijelka/strijelac tehničarka/tehničar vježbačica/vježbač čuvarica/čuvar uručila/uručio
        popisala/popisao uništavala/uništavao raspoređena/raspoređen
        predsjedavajuća/predsjedavajući blagajnica/blagajnik oružarka/oružar
    """,
}  # fmt: skip


def pairs() -> list[tuple[str, str, str]]:
    """Language, feminine and masculine form of each pair."""
    return [
        (language, feminine, masculine)
        for language, text in PAIRS.items()
        for feminine, masculine in (cell.split("/") for cell in text.split())
    ]
