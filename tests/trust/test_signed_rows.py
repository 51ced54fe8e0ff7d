"""No statement changes what was signed or decided: the database itself refuses it."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests import factories
from workflow.models import sealed
from workflow.models.exam import Exam, Finding
from workflow.settings import Settings

RFA = "R.GSV.RFA"


@pytest.fixture
def exam(session: Session, settings: Settings) -> Exam:
    """Case C01, read and signed."""
    return factories.signed_scan(session, settings)


def test_every_sealed_table_has_its_triggers(session: Session) -> None:
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    dialect = engine.dialect.name
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if dialect == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'"
    )
    found = set(session.scalars(text(query)))
    wanted = {name for seal in sealed.SEALS for name in sealed.names(dialect, seal.table)}
    assert wanted <= found


SEALED = [
    "UPDATE exams SET indication = 'other' WHERE id = :exam",
    "UPDATE exams SET status = 'in_review' WHERE id = :exam",
    "DELETE FROM exams WHERE id = :exam",
    "UPDATE findings SET reflux_ms = 1 WHERE exam_id = :exam",
    "DELETE FROM findings WHERE exam_id = :exam",
    (
        "INSERT INTO findings (exam_id, ordinal, leg, segment, repeat, detail) "
        "VALUES (:exam, 99, 'R', 'AASV', 1, '{}')"
    ),
    "UPDATE documents SET signer_name = 'Dr. Other' WHERE exam_id = :exam",
    "UPDATE documents SET exam_id = exam_id + 1 WHERE exam_id = :exam",
    "DELETE FROM documents WHERE exam_id = :exam",
    "UPDATE plans SET rationale = 'other' WHERE id = :plan",
    "UPDATE plans SET status = 'draft' WHERE id = :plan",
    "UPDATE plans SET report_id = report_id + 1 WHERE id = :plan",
    "DELETE FROM plans WHERE id = :plan",
    "UPDATE plan_items SET leg = 'L' WHERE plan_id = :plan",
    "DELETE FROM plan_items WHERE plan_id = :plan",
    (
        "INSERT INTO plan_items (plan_id, ordinal, leg, modality, session, finding, off_label, "
        "offered) VALUES (:plan, 9, 'L', 'RFA', 1, '', 0, 1)"
    ),
    "INSERT INTO plan_reasons (plan_id, alert, says, reason) VALUES (:plan, 'x', 'y', 'z')",
]


@pytest.mark.parametrize("statement", SEALED)
def test_the_database_itself_keeps_what_was_signed_and_decided(
    session: Session, settings: Settings, exam: Exam, statement: str
) -> None:
    plan = factories.approved_plan(session, settings, exam, RFA)
    values = {"exam": exam.id, "plan": plan.id}
    used = {name: value for name, value in values.items() if f":{name}" in statement}
    with pytest.raises(DBAPIError, match="kept as"):
        session.execute(text(statement), used)
    session.rollback()


def test_a_signed_row_is_not_replaced_either(session: Session, exam: Exam) -> None:
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no INSERT OR REPLACE")
    row: Finding = exam.findings[0]
    statement = (
        "INSERT OR REPLACE INTO findings (id, exam_id, ordinal, leg, segment, repeat, detail) "
        "SELECT id, 0, ordinal, leg, segment, repeat, detail FROM findings WHERE id = :id"
    )
    with pytest.raises(DBAPIError, match="kept as"):
        session.execute(text(statement), {"id": row.id})
    session.rollback()


def test_signed_tables_are_not_emptied(session: Session, exam: Exam) -> None:
    if session.get_bind().dialect.name != "postgresql":
        pytest.skip("only PostgreSQL has TRUNCATE")
    with pytest.raises(DBAPIError, match="kept as"):
        session.execute(text("TRUNCATE findings"))
    session.rollback()
