"""What missions of each subject leave behind, as experts and requesters would write it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Remains:
    """Of a subject: what was done, what remains, what was missing, what it taught, and what is in
    use and has changed months later."""

    done: str
    outputs: str
    lacking: str
    lesson: str
    in_use: str
    changed: str


# By the objectives with which requests of a subject begin.
OF_SUBJECTS = {
    "Investigators trace a seized firearm to its last legal owner by themselves.": Remains(
        "Six closed cases were traced step by step; the last two the group solved by itself.",
        "A checklist for tracing requests, and the six cases with their solutions.",
        "Access to the register during the course.",
        "Ask for access to the weapons register before the first day, or cases stay on paper.",
        "The checklist hangs in each investigator's office.",
        "Tracing requests leave complete, and none was sent back since.",
    ),
    "The law covers deactivation, collectors and storage at home as neighbours' laws do.": Remains(
        "The draft was read article by article, and met three times with the working group.",
        "Written comments on 41 articles, with the laws of four neighbours beside them.",
        "The by-laws, which were not translated yet.",
        "Have by-laws translated with the law: half of all questions are answered there.",
        "The comments were taken over into the draft that went to parliament.",
        "Storage at home and deactivation have articles of their own.",
    ),
    "Depots are guarded and kept by one written procedure.": Remains(
        "Two depots were visited, risks assessed, and their storekeepers trained for two days.",
        "An assessment of both depots and a procedure of twelve pages.",
        "A day more at the second depot.",
        "Plan one day for each depot and clear the permits for photographs a month ahead.",
        "The procedure is in force in both depots.",
        "Stocks are counted twice a year, and surplus was set apart.",
    ),
    "Police and customs work on one case together, from the seizure to the indictment.": Remains(
        "Two exercises were held, from a controlled delivery to a request to another state.",
        "The script of both exercises and a list of whom to call.",
        "The prosecutor, who could come on the last day only.",
        "Invite a prosecutor from the first day: the exercise stands or falls with the warrant.",
        "The list of contacts is kept by the duty officer.",
        "Three cases were opened by police and customs together.",
    ),
    "An association of policewomen has its statute, its first plan and support above it.": Remains(
        "The board worked on statute and plan, and met the chiefs of police of three regions.",
        "A statute, and a plan of one year with a budget.",
        "Somebody who keeps the minutes and the list of members.",
        "A network needs a budget line and an hour of duty time, or its board tires in a year.",
        "The association meets each quarter by its plan.",
        "Two women were promoted to heads of unit with its support.",
    ),
    "Patrols assess the risk, protect victims and look for firearms in the home.": Remains(
        "Patrol officers practised the assessment of risk in scenes played by actors.",
        "A card with the questions on risk, and six scenes for further courses.",
        "Social workers, who had been invited too late.",
        "Bring patrols and social workers into one room: each knows half of the procedure.",
        "The card is in every patrol car of the region.",
        "Firearms are asked for at each call, and were removed in eleven homes.",
    ),
    "Instructors of the armed forces teach gender equality by a curriculum of their own.": Remains(
        "Instructors prepared lessons, gave them to each other, and were given comments.",
        "A curriculum of five days and twelve lessons by the instructors.",
        "A projector in the second room.",
        "Let instructors teach on the second day already: they learn by it, not by listening.",
        "Eight of the twelve lessons are taught at the academy.",
        "The academy has a subject of its own with two instructors.",
    ),
    "More women apply, pass the training and stay in the service.": Remains(
        "Rules of recruitment were gone through, and twenty officers were spoken with alone.",
        "Fourteen recommendations, each with who would have to change which rule.",
        "Numbers of those who left the service, by sex.",
        "Ask for numbers by sex at each step two months ahead; nobody has them ready.",
        "Nine of the recommendations were accepted by the ministry.",
        "The test of fitness is marked by what the post needs.",
    ),
    "Evidence from a scene of crime is kept and compared so that courts accept it.": Remains(
        "The laboratory was assessed, and examiners compared cartridge cases with one another's.",
        "An assessment against the standard, and procedures for four kinds of evidence.",
        "The comparison microscope, which was being repaired.",
        "Make sure that instruments work before the mission: two days were theory for that alone.",
        "The procedures for cartridge cases and for swabs.",
        "No evidence was refused in court for a break in its custody.",
    ),
    "Fewer people are hurt by shots at weddings and on New Year's Eve.": Remains(
        "Messages were written with three schools and tried on parents.",
        "A plan of the campaign, four posters, and a way to count its effect.",
        "Figures of the hospitals.",
        "Begin with the hospitals: without their figures nobody can say what a campaign changed.",
        "The posters were shown again this winter.",
        "Two people were hurt on New Year's Eve, where it had been seven.",
    ),
    "Licensing officers check brokers and end users by one list of questions.": Remains(
        "Ten closed cases were decided again in groups, and the decisions compared.",
        "A list of questions on end users, and a glossary.",
        "Customs officers, who see the goods.",
        "Use closed cases of the host itself: foreign ones are taken for a lecture.",
        "The list is part of each file.",
        "Two licences were refused for an end user that could not be checked.",
    ),
    "The second action plan has indicators, money and somebody who answers for them.": Remains(
        "The working group went through each activity, and wrote who answers for it.",
        "Twenty-two indicators with their sources, and a draft budget.",
        "The ministry of finance at the table.",
        "Invite the ministry of finance to the first meeting, not to the last one.",
        "The indicators are in the plan that was adopted.",
        "Each ministry reports on its own indicators once a year.",
    ),
    "Persons of trust are named and trained, and complaints are answered in time.": Remains(
        "Persons of trust practised first talks, and the procedure was written with lawyers.",
        "A procedure of complaints, and a leaflet for the staff.",
        "A room in which people can speak without being seen.",
        "Name persons of trust of both sexes and outside the chain of command.",
        "The procedure is in force, and the leaflet hangs in all stations.",
        "Four complaints were answered within the time that is set.",
    ),
    "Delegations hear what commissions of other states have agreed on and why it lasted.": Remains(
        "One speech was held and one working group led, which agreed on five points.",
        "The five points, and the slides.",
        "Interpretation in the working group.",
        "Book interpretation for working groups, too: agreements are made there.",
        "Two delegations quote the five points in their plans.",
        "The commission meets twice a year again.",
    ),
    "Surplus weapons are destroyed under a record that anybody can check.": Remains(
        "Methods were compared, the record was set up, and the first destruction watched.",
        "A record with photographs and serial numbers, and rules of safety.",
        "Scales for the scrap.",
        "Agree on the record before the oven is hired: afterwards nothing can be proved.",
        "The record is kept at each destruction.",
        "1,340 weapons were destroyed, and journalists were shown the record.",
    ),
    "Officers find weapons in vehicles by a routine and know what to do with them.": Remains(
        "Searches were practised on eight vehicles, by day and at night.",
        "A routine of searching on one page.",
        "A van, as smugglers use them.",
        "Practise at night as well: most of what was overlooked was overlooked then.",
        "The routine is used at three crossings.",
        "Two pistols were found in a door in the month after.",
    ),
}
