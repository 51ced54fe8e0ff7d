"""Write some thousand invented patients in one transaction, with one line in the log."""

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, update
from sqlalchemy.orm import Session

from workflow import audit
from workflow.domain.entry import folded
from workflow.domain.exam import ExamStatus
from workflow.domain.lookup import NAME, keys_of, phone_key
from workflow.domain.pathway import Care, Stage
from workflow.domain.staff import Role
from workflow.models.clinic import clinic_in_force
from workflow.models.exam import Exam
from workflow.models.lookup import slips_of
from workflow.models.patient import next_record_number
from workflow.seed.believable import (
    CARE,
    CLOSED,
    FINDING,
    OPEN,
    RECORDED,
    Invented,
    findings_of,
    history_of,
    invented,
)
from workflow.seed.demo import staff_of
from workflow.seed.rows import Rows, first_free, stored

RECORDED_OF_CLOSED = 0.45
"""How many of those discharged have their readings here; the scans of the others are on paper."""

ON_PAPER = "Read and signed on paper before the clinic kept its records here."
_EXAM_STATUS = {
    Stage.SCHEDULED: ExamStatus.SCHEDULED,
    Stage.ARRIVED: ExamStatus.ARRIVED,
    Stage.SCANNING: ExamStatus.SCANNING,
    Stage.TO_READ: ExamStatus.PRELIMINARY,
    Stage.DISCHARGED: ExamStatus.PRELIMINARY,
}


class Batch:
    """Some thousand patients, written in one transaction with one line in the log."""

    def __init__(
        self, session: Session, random: Random, now: datetime, known_words: set[str]
    ) -> None:
        self.known_words = known_words
        self.session, self.random, self.now = session, random, now
        self.connection: Connection = session.connection()
        self.rows = Rows(self.connection)
        self.staff = staff_of(session)
        self.clinic = clinic_in_force(session)
        self.words: set[str] = set()
        record = next_record_number(session)
        self.letter, self.record = record[0], int(record[1:])
        self.exam = self.first_exam = first_free(self.connection, "exams", 0)
        self.finding = first_free(self.connection, "findings", 0)

    def write(self, opens: int, closed: int) -> None:
        """Write so many who stand on the pathway now, and so many who have left it."""
        total = opens + closed
        patient = first_free(self.connection, "patients", total)
        episode = first_free(self.connection, "episodes", total)
        for at in range(total):
            stages = OPEN if at < opens else CLOSED
            who = invented(self.random, stages, self.now, closed=at >= opens)
            self._patient(patient + at, who)
            self._episode(episode + at, patient + at, who)
        self.rows.extend("name_slips", ("slip", "word"), _slips(self.words - self.known_words))
        self.known_words |= self.words
        self.rows.write(or_ignore=frozenset({"name_slips"}))
        self._close_the_read()
        for table in ("exams", "findings"):
            first_free(self.connection, table, 1)
        by = self.staff[Role.ADMINISTRATOR]
        detail = {"patients": total, "first": patient}
        audit.record(
            self.session, "seed.bulk", "patients", patient, by=by, at=self.now, detail=detail
        )

    def _close_the_read(self) -> None:
        """Findings are written first: what is read and final takes none any more."""
        self.connection.execute(
            update(Exam)
            .where(Exam.id >= self.first_exam, Exam.limitations == ON_PAPER)
            .values(status=ExamStatus.FINAL)
        )

    def _patient(self, number: int, who: Invented) -> None:
        record = f"{self.letter}{self.record}"
        self.record += 1
        self.rows.add(
            "patients",
            {
                "id": number,
                "revision": 1,
                "record_number": record,
                "name": who.name,
                "name_key": f" {folded(who.name)} ",
                "called": "",
                "paper_name": "",
                "sex": who.sex,
                "born": who.born.isoformat(),
                "phone": who.phone,
                "phone_key": phone_key(who.phone),
                "email": "",
                "address": "",
                "language": who.language,
                "created_at": stored(who.opened),
            },
        )
        keys = keys_of(name=who.name, called="", phone=who.phone, record_number=record)
        self.rows.extend(
            "patient_keys", ("patient_id", "key"), [(number, key) for key in sorted(keys)]
        )
        self.words.update(key[1:] for key in keys if key.startswith(NAME))

    def _episode(self, number: int, patient: int, who: Invented) -> None:
        self.rows.add(
            "episodes",
            {
                "id": number,
                "revision": 1,
                "patient_id": patient,
                "case_id": f"{self.letter}{self.record - 1}-1",
                "case_digest": "",
                "title": who.reason,
                "referred_by": who.referred_by,
                "as_of": who.opened.date().isoformat(),
                "extra": "{}",
                "stage": who.stage.value,
                "care": CARE.get(who.stage, Care.NONE).value,
                "since": stored(who.since),
                "critical": int(who.critical),
                "next_on": self._next_on(who),
                "created_at": stored(who.opened),
            },
        )
        answers, seen = history_of(who, self.random)
        finished = who.stage is not Stage.REFERRED
        self.rows.add(
            "intakes",
            {
                "revision": 1,
                "episode_id": number,
                "answers": answers,
                "clinical": seen,
                "typed": "{}",
                "finished_at": stored(who.opened) if finished else None,
                "finished_by_id": self.staff[Role.FRONT_DESK].id if finished else None,
            },
        )
        self._step(number, who)
        self._scan(number, who)

    def _next_on(self, who: Invented) -> str | None:
        if who.stage not in {Stage.SESSIONS, Stage.FOLLOW_UP}:
            return None
        return (self.now + timedelta(days=self.random.randrange(1, 40))).date().isoformat()

    def _step(self, episode: int, who: Invented) -> None:
        on_paper = who.stage in CARE
        self.rows.add(
            "steps_taken",
            {
                "episode_id": episode,
                "subject": "episode",
                "subject_id": episode,
                "step": "import" if on_paper else "refer",
                "label": "Brought in from the paper records" if on_paper else "Registered",
                "before": "",
                "after": who.reason,
                "by_id": self.staff[Role.FRONT_DESK].id,
                "at": stored(who.opened),
                "note": ON_PAPER if on_paper else "",
                "next_on": None,
                "stood_at": None,
                "stood_since": None,
            },
        )

    def _scan(self, episode: int, who: Invented) -> None:
        status, closed = _EXAM_STATUS.get(who.stage), who.stage is Stage.DISCHARGED
        if status is None or (closed and self.random.random() > RECORDED_OF_CLOSED):
            return
        recorded = who.stage in RECORDED
        sonographer = self.staff[Role.SONOGRAPHER].id if recorded else None
        self.rows.add(
            "exams",
            {
                "id": self.exam,
                "revision": 1,
                "episode_id": episode,
                "purpose": "reflux",
                "legs": who.legs,
                "indication": f"{who.reason}; reflux?",
                "status": status.value,
                "ordered_by_id": self.staff[Role.FRONT_DESK].id,
                "ordered_at": stored(who.opened),
                "starts_at": stored(self._starts(who)),
                "minutes": self.clinic.slot_minutes,
                "room": self.random.choice(self.clinic.rooms),
                "scanned_at": stored(who.since - timedelta(minutes=40)) if recorded else None,
                "sonographer_id": sonographer,
                "position": "standing" if recorded else None,
                "manoeuvres": '["valsalva","manual_compression"]' if recorded else "[]",
                "limitations": ON_PAPER if closed else "",
                "comparison": "",
                "incomplete_reason": "",
                "impression": "{}",
                "drafted": "{}",
                "typed": "{}",
                "extra": "{}",
            },
        )
        if recorded:
            self._findings(findings_of(who, self.random))
        self.exam += 1

    def _findings(self, rows: tuple[tuple[object, ...], ...]) -> None:
        columns = ("id", "exam_id", "ordinal", *FINDING)
        numbered = [(self.finding + at, self.exam, at + 1, *row) for at, row in enumerate(rows)]
        self.finding += len(rows)
        self.rows.extend("findings", columns, numbered)

    def _starts(self, who: Invented) -> datetime:
        """Return when the scan was, or a time of the coming fortnight within opening hours."""
        if who.stage is not Stage.SCHEDULED:
            return who.since - timedelta(minutes=50)
        zone = ZoneInfo(self.clinic.zone)
        day = self.now.astimezone(zone) + timedelta(days=self.random.randrange(1, 15))
        if day.weekday() > 4:  # the clinic is closed on Saturday and Sunday
            day += timedelta(days=2)
        return day.replace(
            hour=self.random.randrange(8, 16),
            minute=self.random.choice((0, 15, 30, 45)),
            second=0,
            microsecond=0,
        )


def _slips(words: set[str]) -> list[tuple[str, str]]:
    return [(row["slip"], row["word"]) for row in slips_of(sorted(words))]
