"""Sign-in, set-up and staff, as people use them."""

import re
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.browser import Browser
from tests.pages import Page
from workflow import clock, home
from workflow.accounts import actions, demo
from workflow.domain.errors import Refused
from workflow.domain.staff import Role
from workflow.models.audit import AuditDetail, AuditRow
from workflow.models.installation import Kind
from workflow.models.staff import PasswordLink, SignIn, Staff
from workflow.settings import Settings

NEW = "five quite plain words here"


@pytest.fixture
def admin(signed_in: Callable[[Role], Browser]) -> Browser:
    return signed_in(Role.ADMINISTRATOR)


def test_each_role_signs_in_and_stays_signed_in(signed_in: Callable[[Role], Browser]) -> None:
    for role in Role:
        assert "This one" in signed_in(role).page("/me/sign-ins").text


@pytest.mark.parametrize("typed", ["Physician", " PHYSICIAN ", "ｐｈｙｓｉｃｉａｎ"])
def test_a_username_is_one_name_however_it_is_typed(
    client: Browser, session: Session, typed: str
) -> None:
    factories.staff(session, Role.PHYSICIAN)
    form = client.page("/sign-in").form("sign-in")
    response = client.send(form, username=typed, password=factories.PASSWORD)
    assert response.status_code == 303


def test_a_wrong_password_keeps_the_username_and_shows_a_sentence(
    client: Browser, session: Session
) -> None:
    factories.staff(session, Role.PHYSICIAN)
    form = client.page("/sign-in").form("sign-in")
    response = client.send(form, username="physician", password="not this one")
    page = Page(response)
    assert response.status_code == 422
    assert any("is not right" in sentence for sentence in page.errors)
    values = page.form("sign-in").values
    assert (values["username"], values["password"]) == ("physician", "")


def test_a_clinic_shows_nobodys_name_at_its_door(client: Browser, session: Session) -> None:
    factories.staff(session, Role.PHYSICIAN)
    text = client.page("/sign-in").text
    assert "physician" not in text
    assert demo.DEMO_PASSWORD not in text


class TestInADemo:
    @pytest.fixture
    def kind(self) -> Kind:
        return Kind.DEMO

    def test_the_door_says_who_may_come_in(self, client: Browser, session: Session) -> None:
        demo.add_demo_staff(session, physician="Dr. Test", at=clock.now())
        page = client.page("/sign-in")
        for username, *_ in demo.DEMO_STAFF:
            assert username in page.text
            form = client.page("/sign-in").form("sign-in")
            response = client.send(form, username=username, password=demo.DEMO_PASSWORD)
            assert response.status_code == 303

    def test_nobody_sets_it_up(self, client: Browser) -> None:
        assert client.get("/setup").status_code == 404


def _token(settings: Settings) -> str:
    token = home.new_setup_token(settings)
    assert token is not None
    return token


def _set_up(browser: Browser, token: str, **values: str) -> int:
    form = browser.page("/setup").form("setup")
    typed = {"token": token, "username": "ada", "name": "Ada Test", "password": NEW, **values}
    return int(browser.send(form, **typed).status_code)


def test_the_first_administrator_is_made_once(
    client: Browser, session: Session, settings: Settings
) -> None:
    assert "Set it up" in client.page("/sign-in").links
    assert _set_up(client, _token(settings)) == 303
    assert client.get("/staff").status_code == 303
    assert client.get("/setup").status_code == 404
    assert session.scalar(select(Staff.role)) is Role.ADMINISTRATOR
    session.commit()
    assert home.new_setup_token(settings) is None


def test_another_token_sets_nothing_up(client: Browser, session: Session) -> None:
    assert _set_up(client, "A" * 32) == 422
    assert session.scalar(select(func.count(Staff.id))) == 0


def test_of_two_who_set_up_at_once_one_becomes_administrator(
    app: Flask, session: Session, settings: Settings
) -> None:
    token = _token(settings)
    session.close()
    app.config["TEST_SESSION"] = None
    browsers = [app.test_client() for _ in range(2)]
    forms = [Page(browser.get("/setup")).form("setup") for browser in browsers]
    answers: list[int] = []

    def send(number: int) -> None:
        typed = {"token": token, "username": f"a{number}", "name": "Ada", "password": NEW}
        response = browsers[number].post("/setup", data={**forms[number].values, **typed})
        answers.append(response.status_code)

    workers = [threading.Thread(target=send, args=(number,)) for number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(answers) in ([303, 404], [303, 422])
    assert session.scalar(select(func.count(Staff.id))) == 1


def test_an_administrator_adds_someone_who_then_signs_in(
    app: Flask, admin: Browser, session: Session
) -> None:
    form = admin.page("/staff/new").form("new")
    response = admin.send(
        form,
        username="Sona",
        name="Sona O'Neill-Żółć",
        credentials="RVT",
        role="sonographer",
        password=NEW,
    )
    assert response.status_code == 303
    assert "Sona O'Neill-Żółć, RVT" in admin.page("/staff").text
    newcomer = app.test_client()
    assert isinstance(newcomer, Browser)
    entrance = newcomer.page("/sign-in").form("sign-in")
    assert newcomer.send(entrance, username="sona", password=NEW).status_code == 303
    line = session.scalars(select(AuditRow).where(AuditRow.action == "add")).all()[-1]
    assert line.actor == "Ada Test"
    body = session.get_one(AuditDetail, line.detail_digest).body
    assert "sonographer" in body
    assert NEW not in body


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"username": ""}, "Enter a username."),
        ({"username": "two words"}, "A username has no spaces"),
        ({"username": "administrator"}, "already taken"),
        ({"name": ""}, "Enter a name."),
        ({"role": "owner"}, "Choose one of the listed answers."),
        ({"password": "short"}, "Use at least 15 characters."),
        ({"password": "aaaaaaaaaaaaaaaaaaaa"}, "repeats too few"),
        ({"password": "newcomer is my name"}, "must not hold the username"),
        ({"password": "long " * 60}, ""),
    ],
)
def test_what_cannot_be_taken_is_said_and_what_was_typed_stays(
    admin: Browser, session: Session, values: dict[str, str], sentence: str
) -> None:
    form = admin.page("/staff/new").form("new")
    good = {"username": "newcomer", "name": "New Comer", "role": "physician", "password": NEW}
    response = admin.send(form, **{**good, **values})
    assert response.status_code == 422
    page = Page(response)
    assert any(sentence in said for said in page.errors)
    kept = page.form("new").values
    assert kept["name"] == {**good, **values}["name"]
    assert kept["password"] == ""
    assert session.scalar(select(func.count(Staff.id))) == 1


def test_fields_a_form_does_not_have_change_nothing(admin: Browser, session: Session) -> None:
    physician = factories.staff(session, Role.PHYSICIAN)
    form = admin.page(f"/staff/{physician.id}").form(f"/staff/{physician.id}")
    extra = {"id": "99", "username": "other", "password_hash": "x", "created_at": "2000-01-01"}
    assert admin.send(form, **extra).status_code == 303
    assert (physician.id, physician.username) != (99, "other")
    assert physician.password_hash != "x"


def test_an_edit_of_what_someone_else_changed_is_refused(admin: Browser, session: Session) -> None:
    physician = factories.staff(session, Role.PHYSICIAN)
    form = admin.page(f"/staff/{physician.id}").form(f"/staff/{physician.id}")
    physician.name = "Changed Meanwhile"
    response = admin.send(form, name="Mine")
    assert response.status_code == 409
    assert physician.name == "Changed Meanwhile"
    assert Page(response).form(f"/staff/{physician.id}").values["name"] == "Mine"


def test_the_last_administrator_stays(admin: Browser, session: Session) -> None:
    me = factories.staff(session, Role.ADMINISTRATOR)
    form = admin.page(f"/staff/{me.id}").form(f"/staff/{me.id}")
    demoted = admin.send(form, role="front desk")
    form = admin.page(f"/staff/{me.id}/suspend").form("suspend")
    suspended = admin.send(form, reason="Leaves")
    for response in (demoted, suspended):
        assert response.status_code == 422
        assert any(actions.LAST_ADMINISTRATOR in said for said in Page(response).errors)
    assert (me.role, me.active) == (Role.ADMINISTRATOR, True)


def _suspend(admin: Browser, person: Staff, reason: str = "Long leave") -> int:
    form = admin.page(f"/staff/{person.id}/suspend").form("suspend")
    return int(admin.send(form, reason=reason).status_code)


def test_whoever_is_suspended_is_out_at_once_and_comes_back_when_reinstated(
    admin: Browser, signed_in: Callable[[Role], Browser], client: Browser, session: Session
) -> None:
    theirs, desk = signed_in(Role.FRONT_DESK), factories.staff(session, Role.FRONT_DESK)
    assert _suspend(admin, desk) == 303
    assert theirs.get("/me/sign-ins").status_code == 303
    assert client.sign_in("frontdesk", factories.PASSWORD).status_code == 422
    page = admin.page(f"/staff/{desk.id}")
    assert "Long leave" in page.main
    assert "Suspended" in admin.page("/staff").main
    back = admin.send(admin.page(f"/staff/{desk.id}/reinstate").form("reinstate"))
    assert back.status_code == 303
    assert client.sign_in("frontdesk", factories.PASSWORD).status_code == 303
    assert theirs.get("/me/sign-ins").status_code == 303


def test_a_suspension_needs_a_reason_that_the_log_keeps(admin: Browser, session: Session) -> None:
    desk = factories.staff(session, Role.FRONT_DESK)
    assert _suspend(admin, desk, "") == 422
    assert desk.active
    assert _suspend(admin, desk) == 303
    last = session.scalars(select(AuditRow).where(AuditRow.action == "suspend")).one()
    assert (last.actor, last.reason) == ("Ada Test", "Long leave")


def test_of_two_who_suspend_the_second_is_told(admin: Browser, session: Session) -> None:
    desk = factories.staff(session, Role.FRONT_DESK)
    form = admin.page(f"/staff/{desk.id}/suspend").form("suspend")
    assert _suspend(admin, desk) == 303
    assert admin.send(form, reason="Again").status_code == 409
    assert desk.suspended_because == "Long leave"


def _link(admin: Browser, person: Staff) -> str:
    form = admin.page(f"/staff/{person.id}/password-link").form("password-link")
    page = Page(admin.send(form))
    found = re.search(r"http://localhost(/password/[A-Za-z0-9_-]{43})\b", page.main)
    assert found, page.main
    return found[1]


def test_a_forgotten_password_is_chosen_anew_with_a_link_that_is_good_once(
    admin: Browser, signed_in: Callable[[Role], Browser], client: Browser, session: Session
) -> None:
    theirs, desk = signed_in(Role.FRONT_DESK), factories.staff(session, Role.FRONT_DESK)
    link = _link(admin, desk)
    assert "Fern" not in client.page(link).text
    assert client.send(client.page(link).form("password"), password="short").status_code == 422
    assert client.send(client.page(link).form("password"), password=NEW).status_code == 303
    assert theirs.get("/me/sign-ins").status_code == 303
    assert client.get(link).status_code == 404
    assert client.sign_in("frontdesk", factories.PASSWORD).status_code == 422
    assert client.sign_in("frontdesk", NEW).status_code == 303
    kept = session.scalars(select(PasswordLink)).one()
    assert kept.token_hash not in link
    last = session.scalars(select(AuditRow).where(AuditRow.action == "set password")).all()[-1]
    assert (last.actor, last.reason) == ("", "with a one-time link")


def test_a_link_is_void_once_another_was_made_or_a_day_has_passed(
    admin: Browser, client: Browser, session: Session
) -> None:
    desk = factories.staff(session, Role.FRONT_DESK)
    first, second = _link(admin, desk), _link(admin, desk)
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    session.scalars(select(PasswordLink)).all()[-1].expires_at = clock.now()
    assert client.get(second).status_code == 404


def test_a_link_of_someone_suspended_opens_nothing(
    admin: Browser, client: Browser, session: Session
) -> None:
    desk = factories.staff(session, Role.FRONT_DESK)
    link = _link(admin, desk)
    _suspend(admin, desk)
    assert client.get(link).status_code == 404
    form = admin.page(f"/staff/{desk.id}/password-link").form("password-link")
    assert admin.send(form).status_code == 422


@pytest.mark.parametrize("token", ["x", "A" * 43, "A" * 10_000, "%00", "%ff"])
def test_a_link_that_nobody_made_is_nothing(client: Browser, token: str) -> None:
    assert client.get(f"/password/{token}").status_code in (400, 404)


def test_looking_at_a_link_spends_nothing(
    admin: Browser, client: Browser, session: Session
) -> None:
    link = _link(admin, factories.staff(session, Role.FRONT_DESK))
    for _ in range(3):
        assert client.head(link).status_code == 200
    assert client.send(client.page(link).form("password"), password=NEW).status_code == 303


def test_someone_added_without_a_password_gets_a_link(
    admin: Browser, client: Browser, session: Session
) -> None:
    form = admin.page("/staff/new").form("new")
    page = Page(admin.send(form, username="newcomer", name="New Comer", role="front desk"))
    found = re.search(r"/password/[A-Za-z0-9_-]{43}", page.main)
    assert found
    assert client.send(client.page(found[0]).form("password"), password=NEW).status_code == 303
    assert client.sign_in("newcomer", NEW).status_code == 303


def test_an_administrator_sees_and_ends_a_persons_sign_ins(
    admin: Browser, signed_in: Callable[[Role], Browser], session: Session
) -> None:
    tablet, desk = signed_in(Role.FRONT_DESK), factories.staff(session, Role.FRONT_DESK)
    form = admin.page(f"/staff/{desk.id}").form("/sign-ins/")
    assert admin.send(form).status_code == 303
    assert tablet.get("/me/sign-ins").status_code == 303
    assert "Nowhere." in admin.page(f"/staff/{desk.id}").main
    elsewhere = form.action.replace(f"/staff/{desk.id}/", "/staff/999/")
    assert admin.post(elsewhere, data=form.values).status_code == 404


def test_others_access_is_touched_only_with_a_fresh_password(
    signed_in: Callable[[Role], Browser], session: Session
) -> None:
    with time_machine.travel(clock.now(), tick=False) as now:
        admin, desk = signed_in(Role.ADMINISTRATOR), factories.staff(session, Role.FRONT_DESK)
        now.shift(timedelta(minutes=6))
        form = admin.page(f"/staff/{desk.id}/suspend").form("suspend")
        assert "confirmation" in form.values
        for typed in ("", "not this one at all"):
            refused = admin.send(form, reason="Long leave", confirmation=typed)
            assert refused.status_code == 422
            assert Page(refused).form("suspend").values["reason"] == "Long leave"
        assert desk.suspended_because is None
        assert admin.send(form, reason="Leave", confirmation=factories.PASSWORD).status_code == 303
        assert desk.suspended_at == clock.now()
        again = admin.page(f"/staff/{desk.id}/reinstate").form("reinstate")
        assert "confirmation" not in again.values


def test_a_person_changes_their_password_and_stays(
    signed_in: Callable[[Role], Browser], session: Session
) -> None:
    elsewhere, here = signed_in(Role.SONOGRAPHER), signed_in(Role.SONOGRAPHER)
    form = here.page("/me/password").form("password")
    wrong = here.send(form, current="not this", password=NEW)
    assert wrong.status_code == 422
    right = here.send(form, current=factories.PASSWORD, password=NEW)
    assert right.status_code == 303
    assert here.get("/me/sign-ins").status_code == 200
    assert elsewhere.get("/me/sign-ins").status_code == 303
    assert session.scalar(select(func.count(SignIn.id)).where(SignIn.ended_at.is_(None))) == 1


def test_nobody_at_an_unknown_number(admin: Browser) -> None:
    for address in ("/staff/999", "/staff/999/suspend", "/staff/999/factor/reset"):
        assert admin.get(address).status_code == 404


def test_a_refused_name_changes_nothing(session: Session) -> None:
    factories.staff(session, Role.PHYSICIAN)
    with pytest.raises(Refused, match="already taken"):
        actions.add_staff(
            session,
            username="PHYSICIAN",
            name="Again",
            credentials="",
            role=Role.PHYSICIAN,
            password=NEW,
            by=None,
            at=clock.now(),
        )


def test_staff_are_added_in_a_terminal(app: Flask, session: Session) -> None:
    runner = app.test_cli_runner()
    arguments = ["staff", "add", "ana", "--name", "Ana Test", "--credentials", "RVT"]
    arguments += ["--role", "sonographer", "--password"]
    assert runner.invoke(args=[*arguments, "short"]).exit_code == 1
    done = runner.invoke(args=[*arguments, NEW])
    assert done.exit_code == 0, done.output
    assert session.scalar(select(Staff.name)) == "Ana Test"
    session.commit()
    given = runner.invoke(args=["staff", "password", "ana", "--password", f"{NEW} again"])
    assert given.exit_code == 0, given.output
    assert runner.invoke(args=["staff", "password", "bob", "--password", NEW]).exit_code == 1
