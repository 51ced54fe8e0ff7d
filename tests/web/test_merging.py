"""Two records of one person become one when it is decided, and two again as they were."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests import factories
from tests.browser import Browser
from tests.pages import Page
from workflow import audit, clock
from workflow.domain.errors import Refused
from workflow.domain.merging import MERGING, MergeFacts, MergeStatus, MergeStep
from workflow.domain.staff import Role
from workflow.intake import merging
from workflow.intake.find import suggest
from workflow.models.audit import AuditRow
from workflow.models.base import Base
from workflow.models.merge import Merge
from workflow.models.patient import Episode, Patient
from workflow.settings import Settings

known = partial(factories.known_patient, phone="212 555 0147")
SignIn = Callable[[Role], Browser]

ALLOWED = {
    (MergeStep.MERGE, MergeStatus.ASKED, Role.PHYSICIAN): MergeStatus.MERGED,
    (MergeStep.MERGE, MergeStatus.ASKED, Role.ADMINISTRATOR): MergeStatus.MERGED,
    (MergeStep.REFUSE, MergeStatus.ASKED, Role.PHYSICIAN): MergeStatus.REFUSED,
    (MergeStep.REFUSE, MergeStatus.ASKED, Role.ADMINISTRATOR): MergeStatus.REFUSED,
    (MergeStep.WITHDRAW, MergeStatus.ASKED, Role.FRONT_DESK): MergeStatus.WITHDRAWN,
    (MergeStep.WITHDRAW, MergeStatus.ASKED, Role.SONOGRAPHER): MergeStatus.WITHDRAWN,
    (MergeStep.WITHDRAW, MergeStatus.ASKED, Role.PHYSICIAN): MergeStatus.WITHDRAWN,
    (MergeStep.SEPARATE, MergeStatus.MERGED, Role.PHYSICIAN): MergeStatus.SEPARATED,
    (MergeStep.SEPARATE, MergeStatus.MERGED, Role.ADMINISTRATOR): MergeStatus.SEPARATED,
}


@pytest.mark.parametrize("step", MergeStep)
@pytest.mark.parametrize("status", MergeStatus)
@pytest.mark.parametrize("role", Role)
def test_a_step_of_a_merge_is_taken_only_if_the_table_allows_it(
    step: MergeStep, status: MergeStatus, role: Role
) -> None:
    facts = MergeFacts(status)
    if expected := ALLOWED.get((step, status, role)):
        assert MERGING.take(step, facts, role, "Because.") is expected
    else:
        with pytest.raises(Refused):
            MERGING.take(step, facts, role, "Because.")


def asked(session: Session, kept: Patient, merged: Patient) -> Merge:
    by = factories.staff(session, Role.FRONT_DESK)
    request = merging.ask(session, kept, merged, reason="Same phone", by=by, at=clock.now())
    session.commit()
    return request


def decide(session: Session, request: Merge, step: MergeStep, note: str = "") -> None:
    by = factories.staff(session, Role.PHYSICIAN)
    seen = request.revision
    merging.take_step(session, step, request, by=by, at=clock.now(), seen=seen, note=note)
    session.commit()


def content(session: Session) -> dict[str, list[str]]:
    """Return every row of every table, but for the log, the request itself and sign-ins."""
    session.commit()
    aside = {"audit_log", "audit_details", "merges", "sign_ins", "failed_sign_ins"}
    return {
        table.name: sorted(
            map(repr, session.execute(text(f"SELECT * FROM {table.name}")))  # noqa: S608
        )
        for table in Base.metadata.sorted_tables
        if table.name not in aside
    }


def test_separating_gives_both_back_byte_for_byte(session: Session, settings: Settings) -> None:
    kept = factories.signed_scan(session, settings, "C01").episode.patient
    merged = factories.signed_scan(session, settings, "C03").episode.patient
    factories.further_episode(session, merged)
    request, before = asked(session, kept, merged), content(session)
    decide(session, request, MergeStep.MERGE)
    during = content(session)
    assert during["episodes"] != before["episodes"]
    assert {name: rows for name, rows in during.items() if rows != before[name]}.keys() == {
        "episodes",
        "patients",
    }
    decide(session, request, MergeStep.SEPARATE, "Two sisters")
    assert content(session) == before


@pytest.fixture
def pair(session: Session) -> Callable[[int, int], tuple[Patient, Patient]]:
    def make(first: int, second: int) -> tuple[Patient, Patient]:
        factories.staff(session, Role.PHYSICIAN)
        made = []
        for count in (first, second):
            patient = known(session, "Anna Sample")
            for _ in range(count):
                factories.further_episode(session, patient, "More")
            made.append(patient)
        session.commit()
        return made[0], made[1]

    return make


@trying(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    first=st.integers(0, 3),
    second=st.integers(0, 3),
    turned=st.booleans(),
    times=st.integers(1, 3),
)
def test_however_often_they_are_merged_and_separated_nothing_is_lost(
    session: Session,
    pair: Callable[[int, int], tuple[Patient, Patient]],
    first: int,
    second: int,
    turned: bool,  # noqa: FBT001 - hypothesis names it
    times: int,
) -> None:
    one, other = pair(first, second)
    kept, merged = (other, one) if turned else (one, other)
    before = content(session)
    for _ in range(times):
        request = asked(session, kept, merged)
        decide(session, request, MergeStep.MERGE)
        session.expire_all()
        assert len(kept.episodes) == first + second + 2
        decide(session, request, MergeStep.SEPARATE, "Not the same")
    after = content(session)
    assert {name for name in before if after[name] != before[name]} == set()


def test_work_done_meanwhile_stays_with_the_episode_it_was_done_in(session: Session) -> None:
    kept, merged = known(session, "Anna Sample"), known(session, "Ana Sample")
    theirs = merged.episodes[0]
    request = asked(session, kept, merged)
    decide(session, request, MergeStep.MERGE)
    new = factories.further_episode(session, kept, "New")
    theirs.title = "Changed meanwhile"
    session.commit()
    decide(session, request, MergeStep.SEPARATE, "Not the same")
    session.expire_all()
    assert (theirs.patient_id, theirs.title) == (merged.id, "Changed meanwhile")
    assert new.patient_id == kept.id


def test_every_table_that_belongs_to_a_patient_moves_or_says_why_not() -> None:
    belongs = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "patients"
    }
    stays = {"patient_keys", "merges", "patients"}  # found by either name; the request; the mark
    assert belongs - stays == set(merging.MOVES)


def test_both_numbers_and_names_find_the_one_record(session: Session) -> None:
    kept, merged = known(session, "Anna Sample"), known(session, "Hanna Muster")
    request = asked(session, kept, merged)
    decide(session, request, MergeStep.MERGE)
    for query in ("sample", "muster", merged.record_number, kept.record_number):
        assert [row.id for row in suggest(session, query, most=10)] == [kept.id]
    decide(session, request, MergeStep.SEPARATE, "Not the same")
    assert [row.id for row in suggest(session, "muster", most=10)] == [merged.id]


def test_who_asked_does_not_decide(session: Session) -> None:
    kept, merged = known(session, "Anna Sample"), known(session, "Ana Sample")
    by = factories.staff(session, Role.PHYSICIAN)
    request = merging.ask(session, kept, merged, reason="Same", by=by, at=clock.now())
    session.commit()
    with pytest.raises(Refused, match="Somebody else decides"):
        decide(session, request, MergeStep.MERGE)


def test_a_decision_on_what_was_decided_meanwhile_is_refused(session: Session) -> None:
    request = asked(session, known(session, "Anna Sample"), known(session, "Ana Sample"))
    seen = request.revision
    decide(session, request, MergeStep.REFUSE, "Mother and daughter")
    with pytest.raises(Refused, match="Somebody else decided"):
        merging.take_step(
            session,
            MergeStep.MERGE,
            request,
            by=factories.staff(session, Role.ADMINISTRATOR),
            at=clock.now(),
            seen=seen,
        )


@pytest.mark.parametrize("case", ["itself", "twice", "already merged", "holds others"])
def test_a_merge_that_could_not_be_undone_plainly_is_refused(session: Session, case: str) -> None:
    one, two, three = (known(session, f"Anna Sample{letter}") for letter in "abc")
    if case == "itself":
        with pytest.raises(Refused, match="into itself"):
            asked(session, one, one)
        return
    first = asked(session, one, two)
    if case == "twice":
        with pytest.raises(Refused, match="asked for already"):
            asked(session, three, two)
        return
    decide(session, first, MergeStep.MERGE)
    if case == "already merged":
        with pytest.raises(Refused, match="merged already"):
            asked(session, three, two)
        return
    request = asked(session, three, one)
    with pytest.raises(Refused, match="Keep that one instead"):
        decide(session, request, MergeStep.MERGE)


def test_each_step_is_in_the_log_of_both_records(session: Session) -> None:
    kept, merged = known(session, "Anna Sample"), known(session, "Ana Sample")
    request = asked(session, kept, merged)
    decide(session, request, MergeStep.MERGE)
    for patient in (kept, merged):
        told = session.scalars(select(AuditRow.action).where(AuditRow.patient_id == patient.id))
        assert {"merge.ask", "merge.merge"} <= set(told)
    assert audit.head(session)[0] > 0


def test_the_front_desk_asks_and_the_administrator_decides(
    signed_in: SignIn, session: Session
) -> None:
    kept, merged = known(session, "Anna Sample"), known(session, "Ana Sample")
    desk = signed_in(Role.FRONT_DESK)
    page = desk.page(f"/patients/{merged.id}/merge")
    assert "Anna Sample" in page.main
    page = desk.page(page.links["Compare"])
    form = next(form for form in page.forms if "reason" in form.values)
    assert desk.send(form, reason="").status_code == 422
    sent = desk.send(form, reason="The same phone; she says so", keep=str(kept.id))
    assert sent.status_code == 303
    waiting = desk.page(sent.location)
    assert "Only a physician or an administrator may merge two records" in waiting.main
    assert "may be the same person" in desk.page(f"/patients/{kept.id}").main.lower()

    admin = signed_in(Role.ADMINISTRATOR)
    page = admin.page(admin.page("/merges").links["Anna Sample"])
    form = next(form for form in page.forms if "note" in form.values)
    press = {button.text: button for button in form.element.all("button")}
    address = press["Merge the records"].get("formaction")
    values = {key: value for key, value in form.values.items() if value is not None}
    assert admin.post(address, data=values).status_code == 303
    session.expire_all()
    assert merged.merged_into_id == kept.id
    assert len(kept.episodes) == 2

    there = desk.get(f"/patients/{merged.id}")
    assert there.location == f"/patients/{kept.id}"
    assert "was merged into this record" in desk.page(f"/patients/{merged.id}").main
    for address in (f"/patients/{merged.id}/edit", f"/patients/{merged.id}/merge"):
        refused = desk.get(address)
        assert refused.status_code == 409
        assert "was merged into another" in Page(refused).main

    page = admin.page(f"/merges/{session.scalars(select(Merge.id)).one()}")
    form = next(form for form in page.forms if "note" in form.values)
    values = dict(form.values, note="")
    address = f"{page.address}/separate"
    assert admin.post(address, data=values).status_code == 409
    assert admin.post(address, data=dict(values, note="Two sisters")).status_code == 303
    session.expire_all()
    assert merged.merged_into_id is None


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.SONOGRAPHER])
def test_who_may_not_decide_cannot_by_sending(
    signed_in: SignIn, session: Session, role: Role
) -> None:
    request = asked(session, known(session, "Anna Sample"), known(session, "Ana Sample"))
    browser = signed_in(role)
    token = next(f for f in browser.page("/").forms if f.method == "post").values["csrf_token"]
    sent: dict[str, Any] = {"csrf_token": token, "revision": request.revision, "note": "Me"}
    assert browser.post(f"/merges/{request.id}/merge", data=sent).status_code == 409
    session.expire_all()
    assert request.status is MergeStatus.ASKED
    assert browser.post(f"/merges/{request.id}/nothing", data=sent).status_code == 404


def test_an_episode_is_never_left_without_its_record(session: Session) -> None:
    kept, merged = known(session, "Anna Sample"), known(session, "Ana Sample")
    request = asked(session, kept, merged)
    decide(session, request, MergeStep.MERGE)
    owners = set(session.scalars(select(Episode.patient_id)))
    assert owners == {kept.id}
