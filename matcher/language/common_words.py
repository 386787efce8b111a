"""Ordinary English words that are no misspellings, whether or not a roster happens to use them.

They name no subject of the field, so that nothing is lost if no profile has them; without this list
"windows" would be read as "widows" and "wish" as "wash". A word that is missing here is at worst
read as a near one, and the reader is told.
"""

from __future__ import annotations

from typing import Final

PLAIN_ENGLISH: Final = """
able about above abroad absence accept accepted accident accompany account achieve acquire across
act active activity actual add addition additional address adequate adjacent adopt adult advance
advantage advice advise affect afford afraid after afternoon again age agency agenda ago agree
agreed agreement ahead aim air airport allow allowance allowed alone along alternative always amount
angry announce annual answer anybody anyone anything anywhere apart appear appearance apply
appointment appreciate approach appropriate approve april area argue arrange arrangement arrival
arrive article ask aspect assess assist assistance assume attach attempt attend attendee attention
attitude audience august autumn available average avoid award aware away bad balance bar base based
basic basis bath beach beautiful become bedroom before begin beginning behave behaviour behind
belief believe belong below benefit beside besides best better beyond big bilateral birth bit blood
blue board boat body book boss both bottom box branch bread break breakfast bridge brief bright
bring broad broken brother brown budget build building built bus business busy buy cafe calendar
call called camera camp candidate capable capital car card care career careful carry case cash
casual cause celebrate central centre century certain chair chairs challenge chamber chance change
character charge cheap check chief choice choose circle circumstance city claim class clean clear
clerk climate clock close closed clothes clothing coast coffee cold colleague collect college colour
combine come comfort comment commit committee common community company compare complete complex
component compose concept concern concerned conclude conclusion condition conduct conference confirm
connect consider consist constant construction consult contact contain content contest continue
contribute convenient conversation cook cool copy corner correct cost cottage couch council count
country county couple course cousin cover create crew crowd culture cup current custom cut daily
damage dance danger dark date daughter day dead deal dear debate december decide decision decline
deep defeat degree delay deliver demand department depend describe description desert deserve design
desire desk despite detail determine develop difference different difficult difficulty dinner direct
direction director discover discuss discussion dish display distance distinct distribute district
divide divided door double doubt draft draw drawing dream dress drink drive driver dry duration
during dust duty each eager early earn earth ease east easy eat economic economy edge edition
educate effect effective efficient effort eight either elect electric element eleven elsewhere
employ employee employer empty enable encourage end energy engage enhance enjoy enough enquiry
ensure enter entire entrance entry environment equal equip equipment especially essential establish
establishment estimate evening event eventually ever every everybody everyone everything everywhere
exact exam examine example excellent except exception exchange excite excuse exercise exhibition
exist existing expect expensive experience explain express extend extent extra eye face facilitate
facility fact factor factory fail fair faith fall false familiar family famous far farm farmer
fashion fast father favour fear feature february fee feed feedback feel fellow few field fifteen
fifth fifty figure file fill film final find fine finger finish firm first fish fit five fix flat
flight flow flower focus follow following food foot for foreign forest forget form formal format
former forth forty forum forward found foundation four free freedom frequent fresh friday friend
from front fruit fuel full fully fun function fund further future gain game garden gather general
generate gentle get gift girl give given glad glass global goal gold good goods grade grand grant
graph grass grateful great green greet ground group grow growth guarantee guess guest guidance guide
habit hair half hall hand handle hang happen happy hard hardly hat hate head health healthy hear
heart heat heavy height help helpful here hidden high highly hill hire history hold holiday home
honest honour hope horse hospital host hot hotel hour house household huge human hundred hungry
hurry hurt husband idea ideal identify ill illness imagine impact implement implementation imply
importance important impossible impress improve improvement inch include including income increase
indeed independent indicate individual industry influence inform informal information initial
initiative injure injured inner input inside insist install instance instead institute institution
instruct intend intended interest internal international internet interview introduce introduction
invest invitation invite involve island issue item january job join joint journal journey judge july
jump june junior just keep key kind kitchen knee know knowledge known laboratory lack lady lake land
language large last late later latest laugh launch lead leader leadership leaflet leak learn learner
least leave lecture left leg legal length less lesson let letter level library lie life lift light
like likely limit limited line link list listen literature little live lively local locate located
location long look lose loss lot loud love low lower luck lucky lunch machine magazine mail main
mainly maintain maintenance major majority make male manage manner manual many march mark market
marry mass master match material matter may maybe meal mean meaning means measure meat media medium
meet meeting member memory mention mentor menu merely message metal method middle might mile million
mind minimum ministry minor minute miss mission mistake mix mobile mode model modern moment monday
money month mood moon moral moreover morning most mother motion mountain mouth move movement museum
music must mutual name narrow nation national natural nature near nearly necessary neck need
negative neighbour neither nervous network new news newspaper next nice night nine noise none noon
normal north note nothing notice november number object objective observe obtain obvious occasion
occupy occur october offer office often old once only open opening operate opinion opportunity
oppose opposite option orange order ordinary organise organiser organization origin original other
otherwise ought outcome outdoor outdoors outline output outside over overall own owner pace package
page pain paint pair panel paper parent park part participant participate participation particular
partner partnership party pass passenger past path patient pattern pay peace pen pencil people per
percent perfect perform performance perhaps period permanent permission permit person personal phase
phone photo photograph phrase physical pick picture piece place plain plan plane planned plant plate
platform play pleasant please pleasure plenty point poor popular population position positive
possible post potential pound power practical practice practitioner praise prefer preference
premises preparation prepare presence present presentation press pressure pretty previous price
pride primary principal print printer prior private prize probable problem procedure proceed process
produce product profession professional profile program programme progress project promise prompt
proof proper property proposal propose proud prove provide provided provision public publish pull
pupil purchase purpose push put qualify quality quantity quarter question quick quiet quite race
radio rail rain raise range rapid rare rate rather reach react read ready real realise reality
reason receive recent recently recognise recommend record red reduce refer reference reflect refuse
regard regarding region regular relate relation relationship relative relax release relevant
reliable remain remark remember remind remote remove repeat reply report represent representative
request require requirement research reserve resident respect respond response responsibility
responsible rest restaurant result return review rice rich ride right ring rise river road role roof
room root rope round route routine row rule run rural sad safe safer sale salt same sample satisfy
saturday sauna save say scale schedule scheme school science scope score sea search seaside season
seat second secondary secretary section sector see seek seem select sell seminar send senior sense
sensitive sentence separate september sequence series serious serve service session set settle seven
several shade shake shall shape share sharp sheet shelf ship shipping shirt shoe shop shore short
shot should shoulder show shower shut sick side sight sign signal significant silence similar simple
since sing single sister sit site situation six size skill skin sky sleep slide slight slow small
smart smile smooth snow social society soft soil solid solution solve someone something sometimes
somewhere son song soon sorry sort sound source south space speak speaker special specialist
specific speech speed spend spoon sport spread spring square staff stage stair stand standard star
start state statement station status stay steady steel step stick still stone stop store storm story
straight strange stranger street strength stress strict strike string strong structure student
studio study style subject submit success successful such sudden suffer sufficient sugar suggest
suit suitable summary summer sun sunday supply support suppose sure surface surprise surround survey
suspension sweet swim swimming system table take talk tall tape target task taste tax tea teach
teacher team tear technology teen telephone television tell temperature ten tend term test text
thank theatre theme theory thick thin thing think third thirty thousand three thursday ticket tie
till time tiny tired title today together tomorrow tonight tool tooth top topic total touch tour
tourism toward town track trade tradition train trainee trainer translate translation transport trap
travel tree trend trial trip trouble true trust try tuesday turn twelve twenty twice type typical
under undergo undertake unfortunately uniform union unit university unknown until unusual update
upon upper urban urgent use used useful user usual vacation valley valuable value variety various
venue very via video view village visible visit visitor voice volume wait wake walk wall want warm
warn wash waste watch water wave way weak wear weather web website wednesday week weekend weekly
weight welcome well west wet whatever wheel whenever wherever whether while white whoever whole wide
wife wild will willing win wind window windows wine winter wise wish wonder wood wooden word work
worker workplace workshop world worry worth would write writing written wrong yard year yellow
yesterday young yours zero zone
"""
