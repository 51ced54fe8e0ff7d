"""A server starts only where it can keep what it is given, and says in a sentence why not."""

import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from workflow import clock, create_app, home, serving
from workflow.models.installation import Kind
from workflow.settings import Settings, Unusable


def fresh(folder: Path) -> Settings:
    return Settings(home=folder, database_url=f"sqlite:///{folder}/data/clinic.db", testing=True)


def test_a_second_server_on_one_home_stops_with_a_sentence(tmp_path: Path) -> None:
    settings = fresh(tmp_path)
    serving.check_machine(settings)
    first = serving.only_one(settings)
    with pytest.raises(Unusable, match="Another server already serves"):
        serving.only_one(settings)
    os.close(first)
    os.close(serving.only_one(settings))


def test_a_port_that_is_taken_is_said_with_the_way_out(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        settings = replace(fresh(tmp_path), port=other.getsockname()[1])
        with pytest.raises(Unusable, match=f"make run PORT={settings.port + 1}"):
            serving.listen(settings)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(Unusable, match="cannot be written"):
        serving.check_machine(fresh(tmp_path))


def test_the_first_start_makes_a_demo_and_the_next_one_keeps_it(tmp_path: Path) -> None:
    settings = fresh(tmp_path)
    serving.check_machine(settings)
    told: list[str] = []
    assert serving.bring_up_to_date(settings, clock.now(), told.append) is Kind.DEMO
    key = settings.key_file.read_bytes()
    assert serving.bring_up_to_date(settings, clock.now(), told.append) is Kind.DEMO
    assert settings.key_file.read_bytes() == key
    assert told == ["Making the demo clinic's database."]
    assert (settings.data / "clinic.db").stat().st_mode & 0o077 == 0


def test_a_clinic_that_was_set_up_is_served_as_one(tmp_path: Path) -> None:
    settings = fresh(tmp_path)
    token = home.prepare(settings, Kind.CLINIC, clock.now())
    assert token is not None
    assert len(token) >= 32
    assert serving.bring_up_to_date(settings, clock.now(), lambda _: None) is Kind.CLINIC


def test_older_tables_are_copied_before_they_change(tmp_path: Path) -> None:
    settings = fresh(tmp_path)
    home.prepare(settings, Kind.CLINIC, clock.now())
    engine = create_engine(settings.database_url)
    with engine.begin() as connection:
        # As if this version had one more migration than the tables have seen.
        connection.execute(text("DELETE FROM alembic_version"))
    engine.dispose()
    with pytest.raises(Exception, match="already exists"):
        serving.bring_up_to_date(settings, clock.now(), lambda _: None)
    copies = list((tmp_path / "backups").iterdir())
    assert [copy.name[:15] for copy in copies] == ["before-upgrade-"]
    assert home.kind_of(settings) is Kind.CLINIC, "a migration that failed changed nothing"


def test_a_home_without_an_installation_is_said(tmp_path: Path) -> None:
    app = create_app(fresh(tmp_path / "nothing"))
    for command in (["audit", "verify"], ["backup", str(tmp_path / "backup")]):
        result = app.test_cli_runner().invoke(args=command)
        assert result.exit_code == 1
        assert "There is no installation" in str(result.exception or result.output)
    assert not (tmp_path / "nothing").exists()


def test_an_app_without_an_installation_answers_nothing(tmp_path: Path) -> None:
    response = create_app(fresh(tmp_path / "nothing")).test_client().get("/sign-in")
    assert response.status_code == 503
    assert "not ready" in response.text


def test_setting_up_twice_gives_a_new_token_until_it_is_used(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_HOME", str(tmp_path / "clinic"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    runner = app.test_cli_runner()
    first, second = (runner.invoke(args=["setup"]).output for _ in range(2))
    tokens = [output.strip().splitlines()[-1].strip() for output in (first, second)]
    assert len(set(tokens)) == 2
    assert all(len(token) >= 32 for token in tokens)
    assert "keep a copy of it apart from the backups" in first


def test_settings_come_from_the_environment_once(tmp_path: Path) -> None:
    settings = Settings.read(
        {
            "CLINIC_HOME": str(tmp_path),
            "DATABASE_URL": "postgresql://clinic@db/clinic",
            "PORT": "8443",
            "BEHIND_PROXY": "1",
            "TRUSTED_HOSTS": "clinic.example, www.clinic.example",
        }
    )
    assert settings.database_url == "postgresql+psycopg://clinic@db/clinic"
    assert settings.database_file is None
    assert settings.trusted_hosts == ("clinic.example", "www.clinic.example")
    with pytest.raises(AttributeError):
        settings.port = 1  # type: ignore[misc]


def test_behind_a_proxy_cookies_are_bound_to_the_host_and_to_tls(settings: Settings) -> None:
    behind = replace(settings, behind_proxy=True, trusted_hosts=("clinic.example",))
    app = create_app(behind)
    headers = {"X-Forwarded-Proto": "https", "Host": "clinic.example"}
    response = app.test_client().get("/sign-in", headers=headers)
    line = response.headers["Set-Cookie"]
    assert line.startswith("__Host-form=")
    assert "Secure" in line
    assert "Path=/" in line
    assert "Domain" not in line
    with app.app_context():
        from workflow.extensions import db

        db.engine.dispose()
