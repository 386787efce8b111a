"""A role of leading others is known by the words with which it begins."""

import pytest

from matcher import leads


@pytest.mark.parametrize(
    "role",
    [
        "Head of the small arms unit",
        "Team leader",
        "Inspector; team leader",
        "Chef de mission",
        "Cheffe d'équipe",
        "Руководитель группы",
        "Начальник отдела",
        "Керівниця відділу",
        "Șefa biroului",
        "Drejtoreshë e njësisë",
        "Раководител на тим",
        "Načelnica odjeljenja",
        "Voditeljica tima",
        "НАЧАЛЬНИК УПРАВЛЕНИЯ",
    ],
)
def test_who_leads_is_known_in_each_language(role):
    assert leads(role)


@pytest.mark.parametrize(
    "role",
    [
        "",
        "Trainer",
        "Chief inspector",
        "Assistant to the head of unit",
        "Deputy head of mission",
        "Trainer of team leaders",
        "Headquarters liaison officer",
        "Помощник начальника отдела",
        "Zamjenik načelnika",
    ],
)
def test_who_stands_beside_a_leader_leads_nobody(role):
    assert not leads(role)
