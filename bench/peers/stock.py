"""Show a chart and a board by Flask and the ORM as their guides do, on the same database."""

from collections import defaultdict
from typing import Any

from flask import Flask, render_template_string
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from bench.peers.rows import BOARD, CHART
from workflow.domain.pathway import OPEN_STAGES
from workflow.models.exam import Exam
from workflow.models.history import StepTaken
from workflow.models.patient import Episode, Patient


def stock(url: str) -> Flask:
    """Return the twin: no sign-in, no access log, no CSRF; the ORM's objects in a template."""
    app = Flask("stock")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db = SQLAlchemy(app)

    @app.get("/patients/<int:patient_id>/chart")
    def chart(patient_id: int) -> str:
        patient = db.session.get_one(Patient, patient_id)
        ids = [episode.id for episode in patient.episodes]
        steps = db.session.scalars(
            select(StepTaken).where(StepTaken.episode_id.in_(ids)).order_by(StepTaken.id)
        )
        exams = db.session.scalars(
            select(Exam).where(Exam.episode_id.in_(ids)).options(selectinload(Exam.findings))
        )
        findings = [finding for exam in exams for finding in exam.findings]
        return render_template_string(
            CHART, patient=patient, episodes=patient.episodes, steps=steps, findings=findings
        )

    @app.get("/")
    def board() -> str:
        rows = db.session.scalars(
            select(Episode)
            .where(Episode.stage.in_(OPEN_STAGES))
            .options(selectinload(Episode.patient))
            .order_by(Episode.critical.desc(), Episode.since)
        )
        columns: defaultdict[str, list[Any]] = defaultdict(list)
        for row in rows:
            columns[row.stage].append(row)
        return render_template_string(BOARD, columns=columns.items())

    return app
