"""Write the triggers that keep a signed scan and a decided plan as they were decided.

These tables are written while the work goes on, so they cannot be frozen whole: a row is sealed
from the moment it is signed, and everything that belongs to it with it. Of a decided plan only
its state may still move on, and only to another decided one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from workflow.models.frozen import POSTGRESQL_FUNCTION

_SIGNED = "{row}.status = 'final'"
_DECIDED_STATES = "('approved', 'patient_declined', 'superseded')"
_DECIDED = "{row}.status IN " + _DECIDED_STATES
_IN_SIGNED = (
    "EXISTS (SELECT 1 FROM exams WHERE exams.id = {row}.exam_id AND exams.status = 'final')"
)
_IN_DECIDED = (
    "EXISTS (SELECT 1 FROM plans WHERE plans.id = {row}.plan_id "  # noqa: S608 - our own words
    "AND plans.status IN " + _DECIDED_STATES + ")"
)


@dataclass(frozen=True, slots=True)
class Seal:
    """One table: when a row of it is sealed, the keys of a row, and what may still change.

    `belongs` is whether rows are sealed by what they belong to; none may then be added either.
    `fixed` are the columns that stay where the state moves on; empty, nothing may change at all.
    """

    table: str
    when: str
    keys: tuple[tuple[str, ...], ...] = (("id",),)
    belongs: bool = False
    fixed: tuple[str, ...] = ()

    def sealed(self, row: str) -> str:
        """Return the condition that a row (OLD, NEW or an alias) is sealed."""
        return f"({self.when.format(row=row)})"

    def moves_on(self, differs: str) -> str:
        """Return the condition that an update only moves a decided row to another such state."""
        if not self.fixed:
            return "1 = 0"
        changed = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in self.fixed)
        return (
            f"(OLD.status <> 'superseded' AND NEW.status IN {_DECIDED_STATES} AND NOT ({changed}))"
        )


SEALS = (
    Seal("exams", _SIGNED),
    Seal(
        "findings",
        _IN_SIGNED,
        keys=(("id",), ("exam_id", "leg", "segment", "repeat")),
        belongs=True,
    ),
    Seal(
        "plans",
        _DECIDED,
        keys=(("id",), ("episode_id", "version")),
        fixed=(
            *("id", "episode_id", "report_id", "version"),
            *("rationale", "against", "created_by_id", "created_at"),
        ),
    ),
    Seal("images", _IN_SIGNED, keys=(("id",), ("exam_id", "file_sha256")), belongs=True),
    Seal("plan_items", _IN_DECIDED, belongs=True),
    Seal("plan_reasons", _IN_DECIDED, keys=(("id",), ("plan_id", "alert")), belongs=True),
)


def statements(dialect: str, table: str) -> Iterator[str]:
    """Yield the DDL that seals a table's signed rows on one engine (`sqlite` or `postgresql`)."""
    seal = next(seal for seal in SEALS if seal.table == table)
    yield from _sqlite(seal) if dialect == "sqlite" else _postgresql(seal)


def names(dialect: str, table: str) -> tuple[str, ...]:
    """Return the names of a table's triggers on one engine."""
    if dialect == "sqlite":
        return tuple(f"{table}_sealed_{verb}" for verb in ("update", "delete", "insert"))
    return (f"{table}_sealed", f"{table}_sealed_truncate")


def _sqlite(seal: Seal) -> Iterator[str]:
    table = seal.table
    raised = f"SELECT RAISE(ABORT, 'a signed row of {table} is kept as it was signed')"
    into = f" OR {seal.sealed('NEW')}" if seal.belongs else ""
    same = " OR ".join(
        "(" + " AND ".join(f"old_row.{name} = NEW.{name}" for name in key) + ")"
        for key in seal.keys
    )
    there = (
        f"EXISTS (SELECT 1 FROM {table} AS old_row "  # noqa: S608 - our own names
        f"WHERE ({same}) AND {seal.sealed('old_row')})"
    )
    for verb, condition in (
        ("UPDATE", f"({seal.sealed('OLD')}{into}) AND NOT {seal.moves_on('IS NOT')}"),
        ("DELETE", seal.sealed("OLD")),
        ("INSERT", f"{there}{into}"),
    ):
        yield (
            f"CREATE TRIGGER {table}_sealed_{verb.lower()} BEFORE {verb} ON {table} "
            f"WHEN {condition} BEGIN {raised}; END"
        )


def _postgresql(seal: Seal) -> Iterator[str]:
    table = seal.table
    raised = (
        f"RAISE EXCEPTION 'a signed row of {table} is kept as it was signed' "
        "USING ERRCODE = 'integrity_constraint_violation'"
    )
    into = f" OR {seal.sealed('NEW')}" if seal.belongs else ""
    added = f"IF {seal.sealed('NEW')} THEN {raised}; END IF; " if seal.belongs else ""
    yield (
        f"CREATE OR REPLACE FUNCTION keep_signed_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF TG_OP = 'INSERT' THEN {added}RETURN NEW; END IF; "
        f"IF TG_OP = 'DELETE' THEN IF {seal.sealed('OLD')} THEN {raised}; END IF; RETURN OLD; "
        f"END IF; IF ({seal.sealed('OLD')}{into}) AND NOT {seal.moves_on('IS DISTINCT FROM')} "
        f"THEN {raised}; END IF; RETURN NEW; END $$"
    )
    yield POSTGRESQL_FUNCTION
    for name, event, each, function in (
        ("sealed", "INSERT OR UPDATE OR DELETE", "ROW", f"keep_signed_{table}"),
        ("sealed_truncate", "TRUNCATE", "STATEMENT", "keep_as_written"),
    ):
        yield (
            f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION {function}()"
        )
        yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name}"
