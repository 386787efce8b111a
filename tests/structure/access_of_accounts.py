"""Who may reach the pages of signing in and of accounts; a part of the access matrix."""

from typing import Any

from webapp.core.roles import Role

R, E, N, C, A = Role
EVERYBODY = frozenset({"stranger", "nobody", *Role})
SIGNED_IN = EVERYBODY - {"stranger"}
NONE: frozenset[str] = frozenset()
PAGES_OF_PROFILE = tuple(
    f"experts.{page}"
    for page in (
        "about",
        "themes",
        "languages",
        "unavailable",
        "closed_jurisdictions",
        "add_entry",
        "edit_entry",
        "remove_entry",
        "ask_to_confirm",
    )
)
PAGES_OF_CURRICULA = ("curricula.upload", "curricula.entries")
# A passage that no request has.
A_PASSAGE = {"act": "count", "digest": "0"}


def only(*roles: Role) -> frozenset[str]:
    """Return these roles as a cell of the matrix."""
    return frozenset(roles)


OF_EXPERTS: dict[str, dict[str, frozenset[str]]] = {
    "experts.profile": {"GET": only(E)},
    # What experts write into their own profiles.
    **{key: {"GET": only(E), "POST": only(E)} for key in (*PAGES_OF_PROFILE, *PAGES_OF_CURRICULA)},
    "curricula.source": {"GET": only(E)},
    "curricula.drop": {"POST": only(E)},
    "experts.unavailable_file": {"GET": only(E)},
    "experts.read_calendar": {"POST": only(E)},
    "experts.open_jurisdiction": {"POST": only(E)},
    "experts.forget_jurisdiction": {"POST": only(E)},
    "experts.confirm": {"POST": only(E)},
    "experts.views": {"GET": only(E)},
}
OF_ACCOUNTS: dict[str, dict[str, frozenset[str]]] = {
    "accounts.choose_language": {"POST": EVERYBODY},
    "accounts.language": {"GET": EVERYBODY},
    "security.logout": {"POST": SIGNED_IN},
    "security.login": {"GET": EVERYBODY, "POST": EVERYBODY},
    "security.verify": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "security.tf_select": {"GET": EVERYBODY, "POST": EVERYBODY},
    "security.two_factor_token_validation": {"GET": EVERYBODY, "POST": EVERYBODY},
    "security.mf_recovery": {"GET": EVERYBODY, "POST": EVERYBODY},
    "security.wan_signin": {"GET": EVERYBODY, "POST": EVERYBODY},
    "security.wan_signin_response": {"POST": EVERYBODY},
    "security.wan_register": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "security.wan_register_response": {"POST": SIGNED_IN},
    "security.wan_delete": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "security.wan_verify": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "security.wan_verify_response": {"POST": SIGNED_IN},
    "security.two_factor_setup": {"GET": NONE, "POST": NONE},
    "security.two_factor_setup_validate": {"POST": NONE},
    "security.two_factor_rescue": {"GET": NONE, "POST": NONE},
    "security.mf_recovery_codes": {"GET": NONE, "POST": NONE},
    "membership.join": {"GET": EVERYBODY, "POST": EVERYBODY},
    "membership.ask": {"GET": EVERYBODY, "POST": EVERYBODY},
    "membership.asked": {"GET": EVERYBODY},
    "membership.forgotten": {"GET": EVERYBODY, "POST": EVERYBODY},
    "membership.link_sent": {"GET": EVERYBODY},
    "membership.new_password": {"GET": EVERYBODY, "POST": EVERYBODY},
    "experts.confirm_evidence": {"GET": EVERYBODY, "POST": EVERYBODY},
    "experts.evidence_answered": {"GET": EVERYBODY},
    "membership.account": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "my_data.show": {"GET": SIGNED_IN},
    "my_data.copy": {"POST": SIGNED_IN},
    "my_data.document": {"POST": SIGNED_IN},
    "my_data.erase": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "messages.notices": {"GET": SIGNED_IN},
    "messages.open_notice": {"POST": SIGNED_IN},
    "messages.read_all": {"POST": SIGNED_IN},
    "messages.choose_mail": {"POST": SIGNED_IN},
    "membership.consent": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "membership.security": {"GET": SIGNED_IN},
    "membership.way_in": {"GET": SIGNED_IN},
    "membership.own_password": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "membership.new_address": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "membership.confirm_address": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "membership.end_session": {"POST": SIGNED_IN},
    "membership.end_sessions": {"POST": SIGNED_IN},
    "membership.second_factor": {"GET": SIGNED_IN},
    "membership.authenticator": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "membership.remove_authenticator": {"POST": SIGNED_IN},
    "membership.recovery_codes": {"POST": SIGNED_IN},
    "membership.accounts_list": {"GET": only(A)},
    "membership.invite": {"GET": only(A), "POST": only(A)},
    "membership.account_page": {"GET": only(A)},
    "membership.correct": {"GET": only(A), "POST": only(A)},
    "membership.change_roles": {"POST": only(A)},
    "membership.act": {"POST": only(A)},
    "membership.reactivate": {"POST": only(A)},
    "membership.ask_to_disable": {"GET": only(A)},
    "membership.reset_second_factor": {"GET": only(A), "POST": only(A)},
    "membership.requests_list": {"GET": only(A, C)},
    "membership.decide": {"POST": only(A, C)},
    "membership.delete_requests": {"POST": only(A, C)},
}

# Pages that send people who have signed in on to their work.
ACCOUNTS_AT_THE_DOOR = {
    # The second steps of a sign-in are for who has just taken the first.
    "security.tf_select",
    "security.two_factor_token_validation",
    "security.mf_recovery",
    "security.wan_signin",
    "security.wan_delete",
    # First steps of a new account.
    "membership.way_in",
    "membership.second_factor",
}
# Pages that are there only for a while, or only for somebody: tests/webapp/membership opens them.
ACCOUNTS_FOR_A_WHILE = {
    "experts.confirm_evidence",
    "membership.ask",
    "membership.confirm_address",
    "membership.decide",
    "membership.end_session",
    "membership.join",
    "membership.new_password",
    "security.two_factor_setup_validate",
    "security.wan_register_response",
    "security.wan_signin_response",
    "security.wan_verify_response",
}


def arguments_of_accounts(account_id: int) -> dict[str, dict[str, Any]]:
    """Return what stands in the addresses of these pages; `account_id` is somebody's."""
    of_nobody = {"token": "of-nobody"}
    somebody = {"number": account_id}
    return {
        **dict.fromkeys(ACCOUNTS_FOR_A_WHILE, of_nobody),
        "membership.account_page": somebody,
        "membership.correct": somebody,
        "membership.change_roles": somebody,
        "membership.ask_to_disable": somebody,
        "membership.reset_second_factor": somebody,
        "membership.reactivate": somebody,
        "membership.act": {**somebody, "act": "end-sessions"},
        "membership.decide": {"number": 1, "decision": "refuse"},
        "membership.end_session": {"number": 2**31 - 1},
    }
