"""Holidays of jurisdictions by the codes that the platform has for them."""

from datetime import date

from webapp.core.words.language import in_language
from webapp.core.words.public_holidays import list_holidays

YEAR = date(2027, 1, 1), date(2027, 12, 31)


def test_holidays_of_several_jurisdictions_stand_in_order() -> None:
    found = list_holidays(["KGZ", "SRB"], date(2027, 3, 1), date(2027, 5, 9))
    days = [(one.jurisdiction, one.day.isoformat()) for one in found]
    assert ("KGZ", "2027-03-08") in days
    assert ("SRB", "2027-05-01") in days
    assert [one.day for one in found] == sorted(one.day for one in found)


def test_every_jurisdiction_of_the_region_is_known() -> None:
    # Ukraine has none while martial law lasts, which the library knows.
    region = ["ALB", "BIH", "XKX", "MDA", "MNE", "MKD", "SRB", "HRV", "BGR", "ROU", "SVN"]
    found = {one.jurisdiction for one in list_holidays(region, *YEAR)}
    assert found == set(region)


def test_what_no_table_has_is_without_holidays() -> None:
    assert list_holidays(["QQQ", ""], *YEAR) == []


def test_holidays_are_named_in_the_readers_language_where_a_name_is_known() -> None:
    days = date(2031, 5, 1), date(2031, 5, 1)
    with in_language("ru"):
        (by_us,) = list_holidays(["SRB"], *days)
        (by_the_library,) = list_holidays(["KGZ"], *days)
        several, _monday, moved = list_holidays(["SRB"], date(2027, 5, 2), date(2027, 5, 4))
        unnamed = list_holidays(["JPN"], *YEAR)
    assert (by_us.name, by_us.language) == ("День труда", "ru")
    assert (by_the_library.name, by_the_library.language) == ("Праздник труда", "ru")
    assert several.name == "Пасхальное воскресенье; День труда"
    assert moved.name == "День труда (перенос выходного)"
    assert "en" in {one.language for one in unnamed}
    (english,) = list_holidays(["SRB"], *days)
    assert (english.name, english.language) == ("Labor Day", "en")


def test_each_name_of_the_region_is_in_russian() -> None:
    region = ["ALB", "BIH", "XKX", "MDA", "MNE", "MKD", "SRB", "HRV", "BGR", "ROU", "SVN"]
    with in_language("ru"):
        unnamed = {one.name for one in list_holidays(region, *YEAR) if one.language != "ru"}
    assert unnamed == set()
