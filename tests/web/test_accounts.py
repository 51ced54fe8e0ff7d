"""Sign-in, set-up and staff, as people use them."""

import threading
from collections.abc import Callable

import pytest
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
from workflow.models.staff import SignIn, Staff
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
    assert client.page("/staff").heading == "Staff"
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
    for change in ({"role": "front desk"}, {"active": ""}):
        form = admin.page(f"/staff/{me.id}").form(f"/staff/{me.id}")
        values = {key: value for key, value in {**form.values, **change}.items() if value}
        response = admin.post(form.action, data=values)
        assert response.status_code == 422
        assert any(actions.LAST_ADMINISTRATOR in said for said in Page(response).errors)
    assert (me.role, me.active) == (Role.ADMINISTRATOR, True)


def test_a_given_password_ends_the_old_one_and_every_sign_in(
    admin: Browser, signed_in: Callable[[Role], Browser], client: Browser, session: Session
) -> None:
    theirs = signed_in(Role.PHYSICIAN)
    physician = factories.staff(session, Role.PHYSICIAN)
    form = admin.page(f"/staff/{physician.id}/password").form("password")
    assert admin.send(form, password=NEW).status_code == 303
    assert theirs.get("/me/sign-ins").status_code == 303
    entrance = client.page("/sign-in").form("sign-in")
    assert client.send(entrance, username="physician", password=factories.PASSWORD).status_code == (
        422
    )
    assert client.send(entrance, username="physician", password=NEW).status_code == 303


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
    for address in ("/staff/999", "/staff/999/password"):
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
