"""The sheet for a scan on paper holds every site the protocol requires, in scanning order."""

from tests.reports.samples import LETTERHEAD
from workflow.domain.anatomy import REQUIRED, Leg, segment
from workflow.domain.worksheet import FOUND, Worksheet, lines


def test_the_sites_are_those_the_protocol_requires_in_its_order() -> None:
    assert [line.code for _, rows in lines() for line in rows] == list(REQUIRED)


def test_the_sites_stand_under_deep_great_and_small_saphenous() -> None:
    groups = {words: [line.code for line in rows] for words, rows in lines()}
    assert list(groups) == ["Deep", "Great saphenous", "Small saphenous"]
    assert groups["Deep"] == ["CFV", "FV_P", "FV_M", "FV_D", "POPV", "PTV", "PERO"]
    assert groups["Great saphenous"] == [
        "SFJ", "GSV_PT", "GSV_MT", "GSV_DT", "GSV_K", "GSV_PC", "GSV_MC",
    ]  # fmt: skip
    assert groups["Small saphenous"] == ["SPJ", "SSV_PC", "SSV_MC", "SSV_DC"]


def test_a_site_is_measured_where_the_protocol_measures_it() -> None:
    for _, rows in lines():
        for line in rows:
            row = segment(line.code)
            assert row is not None
            assert line.measured is row.measured


def test_a_name_fits_a_narrow_column() -> None:
    named = {line.code: line.name for _, rows in lines() for line in rows}
    assert named["GSV_MT"] == "GSV, mid thigh"
    assert named["GSV_K"] == "GSV, knee"
    assert named["SSV_MC"] == "SSV, mid calf"
    assert named["SFJ"] == "Saphenofemoral junction"
    assert not any("superficial femoral" in name.lower() for name in named.values())


def test_there_are_rows_for_what_is_recorded_only_where_it_is_found() -> None:
    assert dict(FOUND) == {
        "Tributary": "where",
        "Perforator": "cm from floor",
    }


def test_a_blank_sheet_is_for_both_legs_and_names_nobody() -> None:
    blank = Worksheet(LETTERHEAD)
    assert (blank.patient, blank.starts_at, blank.room, blank.indication) == (None, None, "", "")
    assert blank.legs == (Leg.RIGHT, Leg.LEFT)
