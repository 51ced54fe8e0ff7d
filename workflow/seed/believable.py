"""Draw invented patients: who they are, where they stand, what their scan showed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from workflow.domain.pathway import Care, Stage
from workflow.models.base import canonical
from workflow.seed import names, stories

CLOSED = ((Stage.DISCHARGED, 84), (Stage.CANCELLED, 9), (Stage.TRANSFERRED, 7))
OPEN = (
    *((Stage.REFERRED, 22), (Stage.INTAKE_DONE, 13), (Stage.SCHEDULED, 16), (Stage.ARRIVED, 2)),
    *((Stage.SCANNING, 2), (Stage.TO_READ, 12), (Stage.CONSENTED, 6), (Stage.AUTHORISED, 7)),
    *((Stage.SESSIONS, 9), (Stage.FOLLOW_UP, 11)),
)
"""The stages and how many of a hundred stand there. The stages that follow a signature of this
program (read, plan drafted, approved, declined) are reached by real signing only."""

RECORDED = frozenset({Stage.SCANNING, Stage.TO_READ, Stage.DISCHARGED})
LONGEST_WAITS = {Stage.ARRIVED: 0.05, Stage.SCANNING: 0.03, Stage.TO_READ: 4, Stage.SCHEDULED: 9}
CARE = {stage: Care(stage.value) for stage in Stage if stage.value in set(Care)}
_STORIES = ("gsv", "gsv", "gsv", "ssv", "part", "branch", "accessory", "spider", "well", "well")
_VARIANTS = 12
STORIES_ARE_OF = date(2026, 9, 7)
REASONS = (
    "Leg cramps",
    "Leg cramps",
    "Heavy legs",
    "Visible veins",
    "Swollen ankle",
    "Restless legs",
)
REFERRERS = ("", "", "", "Dr. P. Example", "Dr. R. Sample", "Example Family Practice")

FINDING = ("leg", "segment", "repeat", "reflux_ms", "diameter_mm", "compressibility", "thrombus",
           "detail")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Invented:
    """One invented patient with one episode."""

    name: str
    sex: str
    born: date
    phone: str
    language: str
    reason: str
    referred_by: str
    right: str
    left: str
    legs: str
    stage: Stage
    since: datetime
    opened: datetime
    critical: bool


def invented(
    random: Random, stages: Sequence[tuple[Stage, int]], now: datetime, *, closed: bool
) -> Invented:
    """Draw one patient who stands at one of these stages."""
    sex = "F" if random.random() < 0.68 else "M"
    name = names.full_name(sex, random)
    stage = random.choices([at for at, _ in stages], [share for _, share in stages])[0]
    longest = timedelta(days=2600 if closed else LONGEST_WAITS.get(stage, 24))
    since = now - timedelta(minutes=10) - longest * random.random() ** (1 if closed else 2)
    right, left = random.choice(_STORIES), random.choice(_STORIES)
    return Invented(
        name=name,
        sex=sex,
        born=_born(random, now.date()),
        phone=f"{random.randrange(201, 990)} 555 01{random.randrange(100):02d}",
        language="es" if random.random() < 0.14 else "en",
        reason=random.choice(REASONS),
        referred_by=random.choice(REFERRERS),
        right=right,
        left=left,
        legs=random.choice(("both", "R", "L")),
        stage=stage,
        since=since,
        opened=since - timedelta(days=random.randrange(3, 70)),
        critical=stage is Stage.TO_READ and random.random() < 0.04,
    )


def _born(random: Random, today: date) -> date:
    years = min(94.0, max(18.0, random.gauss(57, 15)))
    return today - timedelta(days=int(years * 365.25) + random.randrange(365))


@cache
def findings(story: str, leg: str, variant: int) -> tuple[tuple[Any, ...], ...]:
    """Return the readings of one leg as rows of their table, without their numbers."""
    return tuple(_finding_rows(stories.leg_rows(story, leg, Random(f"{story}{leg}{variant}"))))


def _finding_rows(rows: list[stories.Row]) -> Iterator[tuple[Any, ...]]:
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        place = row["leg"], row["segment"]
        seen[place] = seen.get(place, 0) + 1
        known = {"leg", "segment", "reflux_ms", "diameter_mm", "compressibility", "thrombus"}
        more = {key: value for key, value in row.items() if key not in known}
        wide = row["diameter_mm"]
        yield (
            row["leg"],
            row["segment"],
            seen[place],
            row["reflux_ms"],
            None if wide is None else round(wide * 100),
            row["compressibility"],
            row["thrombus"],
            canonical(more),
        )


def findings_of(who: Invented, random: Random) -> tuple[tuple[Any, ...], ...]:
    """Return the readings of the legs that were scanned; part of them while scanning goes on."""
    variant = random.randrange(_VARIANTS)
    rows: tuple[tuple[Any, ...], ...] = ()
    for leg, story in (("R", who.right), ("L", who.left)):
        if who.legs in {"both", leg}:
            rows += findings(story, leg, variant)
    return rows[: len(rows) * 3 // 5] if who.stage is Stage.SCANNING else rows


@cache
def history(right: str, left: str, sex: str, variant: int, *, lately: bool) -> tuple[str, str]:
    """Return the answers and what was seen, as an intake stores them.

    The stories' compression trial is of this year; who came earlier has none.
    """
    random = Random(f"{right}{left}{sex}{variant}")
    answers = stories.intake_answers(right, left, sex, random)
    if not lately:
        answers.pop("compression_trial", None)
    seen = {"R": stories.clinical_leg(right), "L": stories.clinical_leg(left)}
    return canonical(answers), canonical(seen)


def history_of(who: Invented, random: Random) -> tuple[str, str]:
    """Return what this patient was asked; nothing yet where the intake is not done."""
    if who.stage is Stage.REFERRED:
        return "{}", "{}"
    variant = random.randrange(_VARIANTS)
    lately = who.opened.date() > STORIES_ARE_OF
    return history(who.right, who.left, who.sex, variant, lately=lately)
