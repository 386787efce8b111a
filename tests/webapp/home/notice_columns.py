"""What the privacy notice calls each column that tells of a person."""

# What the notice calls a column, or all that a table tells.
CALLED: dict[str, str] = {
    "expert.name": "name", "expert.gender": "gender", "expert.jurisdiction": "jurisdiction",
    "expert.institution": "institution", "expert.post": "post", "expert.rank": "rank",
    "expert.summary": "a summary", "expert.max_days": "longest mission",
    "expert.notice_days": "notice needed", "expert.approved_until": "approvals and their end",
    "expert.unit": "unit", "expert.entity": "the part of it",
    "expert.nato_rank": "rank with its code",
    "expert.service": "whether they serve", "expert.service_since": "since when",
    "expert.telephone": "telephone", "expert.contact_email": "an address for letters",
    "expert.authority_id": "their authority", "approval": "each of its approvals",
    "expert.consent_version": "the consent to be on it",
    "expert.consented_at": "the consent to be on it with the day",
    "expert.availability": "whether they are free", "expert.asked_at": "when they were asked",
    "expert.availability_at": "when they were asked and last confirmed",
    "profile_question": "what seesac asked them to add",
    "phone_call": "what they were told by telephone", "release_letter": "the letter by which",
    "release_letter_file": "the letter by which",
    "calendar_feed": "the address for your calendar", "request_file": "files that they add",
    "expert.english_summary": "one in english",
    "expert.ways": "ways of help", "expert.most_missions": "the most missions a year",
    "jurisdiction_note": "jurisdictions they know",
    "evidence_confirmation": "who was asked to confirm it",
    "expert.state": "where they stand on the roster",
    "expert.last_confirmed_at": "last confirmed their profile",
    "language_skill": "languages", "expert_theme": "themes", "evidence": "past work",
    "training": "training", "unavailable_period": "the days and jurisdictions",
    "closed_jurisdiction": "jurisdictions for which they are not available",
    "identity_change": "each change of who they are with what was decided",
    "match.identity": "who they were then", "match.score": "place in the ranking",
    "match.rank": "place in the ranking", "match.out_of_turn": "place in the ranking",
    "match.choice_reason_id": "the reasons given",
    "match.unreleased_reason_id": "the reasons given", "match.ranked_among": "place in the ranking",
    "match.explanation": "its reasons", "match.put_forward_by": "who put them forward",
    "match.said_to_requester": "what seesac said of them to the requester",
    "match.summary_written": "what seesac said of them to the requester",
    "match.summary_language": "what seesac said of them to the requester",
    "match.state": "their answers", "match.reason_id": "the reasons given",
    "reason": "words that were given as a reason",
    "match.state_since": "their answers", "match.invited_at": "their answers",
    "match.proposed_at": "their answers", "match.release_asked_at": "their answers",
    "match.authority_id": "their authority",
    "match.reply_by": "their answers",
    "booked_day": "the days booked", "deployment": "the deployment",
    "mission_cost": "what they cost",
    "mission_contact": "whom to call in an emergency",
    "mission_item": "how each thing stands", "mission_item_file": "files that belong to it",
    "mission_entry": "past work",
    "mission_report_file": "files that they add, such as a presentation",
    "briefing_pack": "briefing pack for a mission",
    "mission_follow_up": "in the months after", "lesson": "lessons that name nobody",
    "mission_report": "what the expert and the requester report of them",
    "acted_on.side": "what they accepted, granted, proposed or wrote",
    "acted_on_profile.side": "what they accepted, granted, proposed or wrote",
    "expertise_request": "what they write in their requests", "request_theme": "their requests",
    "required_language": "their requests", "excluded_jurisdiction": "their requests",
    "request_message": "what they write in their requests",
    "field_comment": "what they write in their requests",
    "terms_of_reference": "terms of reference", "amendment": "terms of reference",
    "account.email": "e-mail address", "account.name": "name",
    "account.institution": "institution", "account.jurisdiction": "jurisdiction",
    "account.organisation_id": "organisation", "account_role": "roles",
    "account.language": "language", "account.mail_choice": "choice of mails",
    "account.active": "whether the account may be used", "account.created_at": "when it was made",
    "account.joined_at": "joined", "account.last_sign_in_at": "last entered",
    "account.consent_version": "version of this notice", "account.consented_at": "with the day",
    "account.password": "the password as a hash", "account.password_set_at": "the password",
    "account.tf_primary_method": "secrets of codes", "account.tf_totp_secret": "secrets of codes",
    "account.tf_last_counter": "secrets of codes", "account.mf_recovery_codes": "of codes",
    "account.fs_webauthn_user_handle": "passkeys", "passkey": "passkeys with the names",
    "account_link": "links sent by mail",
    "invitation_link": "links sent by mail",
    "account_request": "strangers who ask for an account",
    "account_session": "of each session the network address and the kind of browser",
    "profile_merge": "which of their profiles were joined",
    "likely_pair": "those who look alike and may be one person",
    "different_people": "those who look alike and are not one person",
    "coordinator_note": "what coordinators note about them",
    "roster_import": "with which table they were imported, who sent it",
    "imported_expert": "with which table they were imported", "imported_table": "the table itself",
    "curriculum_draft": "the text of a curriculum",
    "kept_text": "what you type into your profile or a report before you save it",
    "mission_contact.diet": "what the expert does not eat",
    "imported_table.findings": "what was found wrong with it",
    "reason.written_by": "names of those who gave them",
    "coordinator_note.written_by": "who noted it and when",
    "coordinator_note.changed_by": "who noted it and when",
    "profile_merge.merged_by": "by whom and when",
    "profile_merge.left_behind": "what one of them said otherwise",
    "different_people.said_by": "who said so and when", "likely_pair.since": "since when that is",
    "phone_call.done_by": "by telephone and by whom",
    "mission_item.changed_by": "since when and by whom",
    "mission_item.text_version": "with which version of its text",
    "mission_report.written_by": "who wrote it and when",
    "mission_follow_up.written_by": "who wrote it and when",
    "mission_report.rating": "how it was from 1 to 5",
    "mission_report.again": "whether they would do it again",
    "mission_cost.payer": "who pays", "briefing_pack.asked_by": "for whoever asked for it",
    "roster_import.sent_by": "who sent it",
    "expertise_request.focal_point": "a focal point",
    "expertise_request.authorised_contact": "an authorised contact",
    "expertise_request.handled_by": "which requests they see to",
    "expertise_request.read_at": "when a request was first read",
    "terms_of_reference.accepted_by": "what they accepted",
    "approval.granted_by": "granted", "amendment.proposed_by": "proposed",
    "release_letter.written_by": "or wrote", "lesson.written_by": "or wrote",
    "field_comment.written_by": "or wrote", "request_message.written_by": "or wrote",
    "mission_contact.by_office": "or wrote",
    "notice": "notices", "notice_person": "notices", "outbox_message": "mails that have left",
    "audit_event": "recorded in a log", "profile_view": "who was shown them",
}  # fmt: skip
# Numbers of rows and counters, a column that stays empty, and a chance number of a session.
UNTOLD = {
    *("people_forgotten_at", "search_words"),
    *("id", "version", "revision", "roster_revision", "search_text", "created_at"),
    *("account_id", "request_id", "expert_id", "tf_phone_number", "fs_uniquifier", "demo"),
}
# They tell of no person.
OF_NOBODY = {
    "role", "counted_passage", "first_places", "ignored_consideration", "column_choice", "theme",
    "theme_synonym", "themes_revision", "roster_revision", "organisation", "platform_settings",
    "limit_counter", "audit_head", "heartbeat", "job_run", "said_once", "pairs_sought",
}  # fmt: skip

# The columns of which nothing is said beyond what their table is called: a new one fails until
# somebody has looked whether the words of the notice tell of it.
TOLD_WITH_TABLE: dict[str, str] = {
    "account_link": "purpose token_hash email expires_at",
    "account_request": "email name institution jurisdiction language reason role",
    "account_role": "role_id",
    "account_session": "token_hash last_seen_at address browser",
    "amendment": (
        "state state_since from_version into_version changes proposed_at by_office reply_by "
        "reason_id answer_id"
    ),
    "approval": "organisation_id state state_since scope letter starts until ended_on reason_id",
    "audit_event": (
        "at actor_id role address action subject subject_id reason details previous hash"
    ),
    "booked_day": "day match_id",
    "briefing_pack": "deployment_id asked_at language state state_since done content",
    "calendar_feed": "token_hash made_at",
    "closed_jurisdiction": "code",
    "coordinator_note": "text written_at changed_at",
    "curriculum_draft": "read_at text pieces",
    "deployment": "match_id state state_since start end tor_version reason_id",
    "different_people": "said_at other_id",
    "evidence": "kind title description jurisdiction place role ways started ended kept_out",
    "evidence_confirmation": (
        "evidence_id state state_since name organisation email token_hash expires_at"
    ),
    "excluded_jurisdiction": "code",
    "expert_theme": "theme_code priority years level",
    "expertise_request": (
        "requester_id organisation_id state state_since reply_by submitted_at form_token title "
        "background objectives outputs tasks audience audience_women audience_men "
        "expert_background rank_wanted years_wanted existing costs pays_travel "
        "pays_accommodation pays_allowance pays_insurance pays_interpretation pays_venue "
        "security security_office follow_up help_kind urgency asked_by office jurisdiction "
        "place start end names_by flexibility experts_needed interpretation tor_version"
    ),
    "field_comment": "field text written_at settled_at",
    "identity_change": "state state_since name post rank institution jurisdiction reason_id",
    "imported_expert": "import_id was_added filled",
    "imported_table": "import_id content",
    "invitation_link": "match_id token_hash email expires_at",
    "jurisdiction_note": "code kind",
    "kept_text": "token_hash path ciphertext without_session",
    "language_skill": "language level listening speaking reading writing stanag",
    "lesson": "theme_code jurisdiction text written_at",
    "likely_pair": "other_id",
    "mission_contact": "deployment_id name relation telephone written_at",
    "mission_cost": "deployment_id item planned actual",
    "mission_entry": "deployment_id evidence_id",
    "mission_follow_up": "deployment_id by_office answered_at in_use changed wanted",
    "mission_item": "deployment_id kind state state_since by_office reason_id",
    "mission_item_file": "item_id name kind size digest content",
    "mission_report": (
        "deployment_id side by_office saved_at sent_at reopened_at done women men institutions "
        "outputs lacking"
    ),
    "mission_report_file": "report_id added_at added_by name kind size digest content",
    "notice": "read_at path words reason_id reply_by for_digest people_noted",
    "notice_person": "notice_id person_table person_id",
    "outbox_message": (
        "address person_table person_id message_id subject body secret_link due_at "
        "claimed_until attempts urgent sent_at last_error"
    ),
    "passkey": (
        "user_id credential_id public_key name sign_count transports backup_state device_type "
        "extensions usage lastuse_datetime"
    ),
    "phone_call": "words since done_at",
    "profile_merge": "gone_id merged_at",
    "profile_question": "section state state_since reason_id",
    "profile_view": "event_id day page",
    "reason": "kind text written_at person_table person_id removed_at first_day last_day",
    "release_letter": "match_id organisation_id number dated conditions written_at",
    "release_letter_file": "letter_id name kind size digest content",
    "request_file": "for_invited added_at added_by name kind size digest content",
    "request_message": "written_at from_office text settled_at",
    "request_theme": "theme_code position",
    "required_language": "language level required one_is_enough",
    "roster_import": (
        "state state_since sent_at file_name header_row fields twins authority_id done total "
        "counts stored_at"
    ),
    "terms_of_reference": "accepted_at content",
    "training": "kind title expires",
    "unavailable_period": "start end",
}
