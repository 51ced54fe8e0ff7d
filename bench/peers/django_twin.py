"""Show a chart and a board by Django with its defaults, and print what they cost.

Run by itself, with Django on the path: `python -m bench.peers.django_twin DATABASE PATIENT`.
"""

import json
import sys
from collections import defaultdict
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from bench.clinic import asking, hello
from bench.measure import ratio
from bench.peers.rows import BOARD, CHART

_DEFAULTS = (
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)


def _configure(database: str) -> None:
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
        MIDDLEWARE=[each for each in _DEFAULTS if "messages" not in each],
        ROOT_URLCONF=__name__,
        SECRET_KEY="only-for-the-bench",  # noqa: S106 - it guards nothing
        SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    )
    django.setup()


def _model(table: str, **fields: Any) -> Any:
    meta = type("Meta", (), {"managed": False, "db_table": table, "app_label": "twin"})
    return type(table, (models.Model,), {"__module__": __name__, "Meta": meta, **fields})


def _text() -> Any:
    return models.TextField()


def _number() -> Any:
    return models.IntegerField(null=True)


def _models() -> dict[str, Any]:
    patient = _model("patients", name=_text(), born=_text(), record_number=_text())
    of_patient = models.ForeignKey(patient, models.DO_NOTHING, related_name="episodes")
    episode = _model(
        "episodes", patient=of_patient, title=_text(), stage=_text(), since=_text(),
        critical=_number(),
    )  # fmt: skip
    step = _model("steps_taken", episode_id=_number(), at=_text(), label=_text(), note=_text())
    exam = _model("exams", episode_id=_number())
    of_exam = models.ForeignKey(exam, models.DO_NOTHING, related_name="findings")
    finding = _model(
        "findings", exam=of_exam, ordinal=_number(), leg=_text(), segment=_text(), repeat=_number(),
        reflux_ms=_number(), diameter_mm=_number(), compressibility=_text(), thrombus=_text(),
        detail=_text(),
    )  # fmt: skip
    return {"patient": patient, "episode": episode, "step": step, "finding": finding}


def _views(twin: dict[str, Any], stages: list[str]) -> list[Any]:
    pages = engines["django"]
    chart_page, board_page = pages.from_string(CHART), pages.from_string(BOARD)

    def chart(request: HttpRequest, patient_id: int) -> HttpResponse:
        patient = twin["patient"].objects.get(pk=patient_id)
        episodes = list(patient.episodes.all())
        ids = [episode.pk for episode in episodes]
        findings = twin["finding"].objects.filter(exam__episode_id__in=ids)
        shown = {
            "patient": patient,
            "episodes": episodes,
            "steps": twin["step"].objects.filter(episode_id__in=ids).order_by("pk"),
            "findings": findings.order_by("ordinal"),
        }
        return HttpResponse(chart_page.render(shown, request))

    def board(request: HttpRequest) -> HttpResponse:
        rows = (
            twin["episode"]
            .objects.filter(stage__in=stages)
            .select_related("patient")
            .order_by("-critical", "since")
        )
        columns: defaultdict[str, list[Any]] = defaultdict(list)
        for row in rows:
            columns[row.stage].append(row)
        return HttpResponse(board_page.render({"columns": list(columns.items())}, request))

    return [path("patients/<int:patient_id>/chart", chart), path("", board)]


urlpatterns: list[Any] = []


def main(database: str, patient_id: str, stages: list[str]) -> None:
    """Print both pages' costs, × a bare Flask hello-world, as JSON."""
    _configure(database)
    urlpatterns.extend(_views(_models(), stages))
    app, yardstick = get_wsgi_application(), hello()
    chart = asking(app, f"/patients/{patient_id}/chart")
    board = asking(app, "/")
    said = {"chart": ratio(chart, yardstick)[0], "board": ratio(board, yardstick)[0]}
    connection.close()
    sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3].split(","))
