"""Finding people while one types: misspelt, merged, on the pathway; and how much it may ask."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.browser import Browser
from tests.pages import Page
from tests.recorder import counted
from workflow import clock
from workflow.domain.entry import folded
from workflow.domain.lookup import keys_of, wanted
from workflow.domain.staff import Role
from workflow.intake import actions
from workflow.intake.find import find, newest, suggest
from workflow.intake.identity import Identity
from workflow.models.lookup import PatientKey
from workflow.seed.people import PEOPLE

known = factories.known_patient
SignIn = Callable[[Role], Browser]


def names(session: Session, query: str, most: int = 10) -> list[str]:
    return [row.name for row in suggest(session, query, most=most)]


def _slips_of_a_key(word: str) -> Iterator[str]:
    """Yield the word with one letter dropped, added, changed, or swapped with the next."""
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
        yield word[:at] + "q" + word[at:]
        yield word[:at] + "q" + word[at + 1 :]
        yield word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]


def test_every_name_of_the_demo_is_found_with_any_one_slip(session: Session) -> None:
    for person in PEOPLE:
        known(session, person.name, person.born)
    missed = []
    for person in PEOPLE:
        words = folded(person.name).split()
        for word, other in ((words[-1], words[0]), (words[0], words[-1])):
            if len(word) < 5:
                continue
            missed += [
                (person.name, slip)
                for slip in set(_slips_of_a_key(word))
                if person.name not in names(session, f"{other} {slip}")
            ]
    assert missed == []


def test_everyone_of_the_demo_is_in_the_first_ten_within_four_characters(session: Session) -> None:
    for person in PEOPLE:
        known(session, person.name, person.born, person.phone)
    for person in PEOPLE:
        for word in folded(person.name).split():
            assert person.name in names(session, word[:4]), word


def test_whoever_is_on_the_pathway_comes_first(session: Session) -> None:
    from workflow.domain.pathway import Care, Stage

    for number in range(30):
        gone = known(session, f"Marina A{chr(97 + number % 26)}{number}").episodes[0]
        gone.stage, gone.care = Stage.DISCHARGED, Care.DISCHARGED
    known(session, "Marina Zimmer")
    session.commit()
    assert names(session, "mari")[0] == "Marina Zimmer"


@pytest.mark.parametrize(
    "query",
    ["12 Mar 1961", "12mar1961", "12-Mar-61", "12th March 1961", "March 12 1961", "mar 12, '61",
     "1961-3-12", "1961/03/12", "1961.03.12", "12.3.1961", "3/12/61", "12 3 1961", "12031961",
     "03121961", "19610312", "1961", "march 1961", "Mar. 1961"],
)  # fmt: skip
def test_a_birth_date_is_found_however_it_is_written(session: Session, query: str) -> None:
    known(session, "Anna Sample")
    known(session, "Ruth Other", date(1955, 7, 30))
    assert names(session, query) == ["Anna Sample"]
    assert names(session, f"sample {query}") == ["Anna Sample"]


@pytest.mark.parametrize(
    "query", ["31 Feb 1961", "99/99/1961", "12 Mrz 1961", "1961-13-45", "٣ مارس", "--", "%", "_"]
)
def test_what_is_no_date_finds_nobody_and_breaks_nothing(session: Session, query: str) -> None:
    known(session, "Anna Sample")
    assert names(session, query) == []


def test_a_misspelt_name_says_so(signed_in: SignIn, session: Session) -> None:
    known(session, "Elena Marchetti")
    desk = signed_in(Role.FRONT_DESK)
    assert "similar name" in desk.page("/patients?q=marchtti").main
    assert "similar name" not in desk.page("/patients?q=marchetti").main


def test_the_box_offers_name_birth_date_number_and_what_is_waited_for(
    signed_in: SignIn, session: Session
) -> None:
    patient = known(session, "Anna <b>Sample")
    desk = signed_in(Role.FRONT_DESK)
    html = desk.get("/patients/suggestions?q=samp").text
    for said in ("Anna &lt;b&gt;Sample", "12 Mar 1961", "W10001", "Intake to finish"):
        assert said in html
    assert f"/patients/{patient.id}" in html
    assert "Nobody fits" in desk.get("/patients/suggestions?q=zzzz").text
    assert desk.get("/patients/suggestions").text.strip() == ""


def test_a_corrected_name_is_found_as_it_is_now(session: Session) -> None:
    patient = known(session, "Anna Sample", phone="212 555 0147")
    by = factories.staff(session, Role.FRONT_DESK)
    new = Identity(name="Anna Muster", born=patient.born, sex="F", phone="718 555 0147")
    actions.change_identity(session, patient, new, seen=patient.revision, by=by, at=clock.now())
    session.commit()
    assert names(session, "muster") == ["Anna Muster"]
    assert names(session, "718555") == ["Anna Muster"]
    assert names(session, "sample") == names(session, "2125550") == []


def test_the_stored_keys_are_those_of_the_record(session: Session) -> None:
    patient = known(session, "José Núñez-O'Hara", phone="+1 (212) 555-0147")
    stored = session.scalars(
        select(PatientKey.key).where(PatientKey.patient_id == patient.id)
    ).all()
    assert set(stored) == keys_of(
        name=patient.name, called="", phone=patient.phone, record_number=patient.record_number
    )
    assert set(stored) == {
        "njose", "nnunez", "nohara", "p2125550147", "t7410555212", "rw10001", "r10001"
    }  # fmt: skip


def test_the_list_goes_on_where_it_ended(session: Session) -> None:
    everyone = [known(session, f"Ada Row{number}").id for number in range(45)]
    seen, before = [], None
    while True:
        part = newest(session, before=before)
        seen += [row.id for row in part.rows]
        if (before := part.before) is None:
            break
    assert seen == everyone[::-1]


def test_more_than_a_screenful_says_so_and_ends(signed_in: SignIn, session: Session) -> None:
    from workflow.intake import find as finding

    for number in range(finding.MOST_FOUND + 5):
        known(session, f"Ada Row{number}")
    page = signed_in(Role.FRONT_DESK).page("/patients?q=ada&page=99")
    assert f"More than {finding.MOST_FOUND} patients fit" in page.main
    assert "Page 10 of 10" in page.main


QUERIES = ("ana", "ana sam", "smaple ana", "12 mar 1961", "0147", "212 555", "w10001", "ana 1961")


def test_a_search_asks_as_much_of_many_patients_as_of_few(
    app: Flask, session: Session, signed_in: SignIn
) -> None:
    desk = signed_in(Role.FRONT_DESK)

    def asked() -> dict[str, int]:
        counts = {}
        for query, page in product(QUERIES, ("/patients", "/patients/suggestions")):
            with counted(app) as statements:
                assert desk.get(page, query_string={"q": query}).status_code == 200
            counts[page + query] = len(statements)
        return counts

    known(session, "Ana Sample", phone="212 555 0147")
    few = asked()
    for number in range(60):
        known(session, f"Ana Sample{number}", date(1961, 3, 1 + number % 28), "212 555 0147")
    many = asked()
    assert max(many.values()) <= 20
    assert all(many[each] <= few[each] + 1 for each in few)


def test_a_query_of_many_words_is_cut_and_not_refused(session: Session) -> None:
    known(session, "Anna Sample")
    assert len(wanted("a " * 500)) == 1
    assert find(session, " ".join(f"w{n}" for n in range(60))).rows == ()


def test_the_page_that_lists_holds_to_the_house_rules(signed_in: SignIn, session: Session) -> None:
    for number in range(25):
        known(session, f"Ada Row{number}")
    desk = signed_in(Role.FRONT_DESK)
    page: Page = desk.page("/patients")
    later = next(href for text, href in page.links.items() if text == "Later")
    assert "Ada Row0" in desk.page(later).main


def test_a_slip_that_may_mean_two_names_offers_both_however_common_one_is(
    session: Session,
) -> None:
    for number in range(12):
        known(session, f"TEST Marlan {number}", date(1960, 1, 1 + number))
    known(session, "TEST Marlin Rare", date(1961, 2, 3))
    session.flush()
    offered = suggest(session, "marlxn", most=8)
    assert len(offered) == 8
    assert "TEST Marlin Rare" in [each.name for each in offered]
    assert all(each.misspelt for each in offered)
