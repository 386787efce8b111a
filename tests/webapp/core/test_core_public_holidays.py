"""Holidays of jurisdictions by the codes that the platform has for them."""

from datetime import date

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
