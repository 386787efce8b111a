"""Who may reach the pages of administrators; a part of the access matrix."""

from typing import Any

from tests.structure.access_of_accounts import A, only

OF_ADMINISTRATORS: dict[str, dict[str, frozenset[str]]] = {
    "themes.index": {"GET": only(A)},
    "themes.new": {"GET": only(A)},
    "themes.create": {"POST": only(A)},
    "themes.show": {"GET": only(A)},
    "themes.rename": {"POST": only(A)},
    "themes.move": {"POST": only(A)},
    "themes.retire": {"POST": only(A)},
    "themes.add_synonym": {"POST": only(A)},
    "themes.remove_synonym": {"POST": only(A)},
    "messages.health": {"GET": only(A)},
    "messages.forget_host": {"POST": only(A)},
    "messages.try_again": {"POST": only(A)},
    "messages.try_all_again": {"POST": only(A)},
    "audit_log.index": {"GET": only(A)},
    "platform_settings.show": {"GET": only(A)},
    "platform_settings.save": {"POST": only(A)},
    "organisations.index": {"GET": only(A)},
    "organisations.new": {"GET": only(A)},
    "organisations.create": {"POST": only(A)},
    "organisations.show": {"GET": only(A)},
    "organisations.edit": {"GET": only(A)},
    "organisations.save": {"POST": only(A)},
    "organisations.add_member": {"POST": only(A)},
    "organisations.remove_member": {"POST": only(A)},
    "organisations.person": {"GET": only(A)},
    "organisations.ask_to_close": {"GET": only(A)},
    "organisations.close": {"POST": only(A)},
}
# What stands in the addresses of themes.
ARGUMENTS_OF_THEMES: dict[str, dict[str, Any]] = {
    name: {"code": "SALW-POL", "direction": "up", "what": "retire", "synonym_id": 1}
    for name in OF_ADMINISTRATORS
    if name.startswith("themes.")
}
