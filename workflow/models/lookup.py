"""The keys patients are found by, written with every patient in the same transaction."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, ForeignKey, Index, Table, Text, delete, event, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from workflow.domain.lookup import NAME, keys_of
from workflow.domain.slips import SHORTEST, shortened
from workflow.models.base import Base
from workflow.models.patient import Patient

SORTED = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that sorts by its bytes on both databases, so that a beginning is a stretch of the index."""


class PatientKey(Base):
    """One key of one patient; `workflow.domain.lookup` says which there are."""

    __tablename__ = "patient_keys"
    __table_args__ = (
        Index("ix_patient_keys_key", "key", "patient_id"),
        {"sqlite_with_rowid": False},
    )

    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"), primary_key=True)
    key: Mapped[str] = mapped_column(SORTED, primary_key=True)


class NameSlip(Base):
    """One word some patient's name holds, under each word it becomes with a letter left out."""

    __tablename__ = "name_slips"
    __table_args__ = ({"sqlite_with_rowid": False},)

    slip: Mapped[str] = mapped_column(SORTED, primary_key=True)
    word: Mapped[str] = mapped_column(SORTED, primary_key=True)


_KEYS: Table = Base.metadata.tables["patient_keys"]
_SLIPS: Table = Base.metadata.tables["name_slips"]


def slips_of(words: Iterable[str]) -> list[dict[str, str]]:
    """Return the rows that let these words be found when one is misspelt."""
    return [
        {"slip": slip, "word": word}
        for word in words
        if len(word) >= SHORTEST
        for slip in sorted(shortened(word))
    ]


def add_slips(connection: Connection, words: Iterable[str]) -> None:
    """Let these words be found when misspelt; those that can be already are left as they are."""
    if rows := slips_of(words):
        insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        connection.execute(insert(_SLIPS).on_conflict_do_nothing(), rows)


def _keys(patient: Patient) -> frozenset[str]:
    # Whoever holds a paper searches for the spelling printed on it.
    return keys_of(
        name=f"{patient.name} {patient.paper_name or ''}".strip(),
        called=patient.called or "",
        phone=patient.phone or "",
        record_number=patient.record_number,
    )


def _write(connection: Connection, patient_id: int, keys: frozenset[str]) -> None:
    held = set(connection.scalars(select(_KEYS.c.key).where(_KEYS.c.patient_id == patient_id)))
    if gone := held - keys:
        connection.execute(
            delete(_KEYS).where(_KEYS.c.patient_id == patient_id, _KEYS.c.key.in_(gone))
        )
    if new := sorted(keys - held):
        rows: list[Mapping[str, Any]] = [{"patient_id": patient_id, "key": key} for key in new]
        connection.execute(_KEYS.insert(), rows)
        add_slips(connection, (key[1:] for key in new if key.startswith(NAME)))


@event.listens_for(Patient, "after_insert")
@event.listens_for(Patient, "after_update")
def _index(_mapper: Mapper[Patient], connection: Connection, patient: Patient) -> None:
    _write(connection, patient.id, _keys(patient))
