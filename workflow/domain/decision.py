"""Tell a patient in plain words what was decided, and what comes next (clinical reference §9)."""

from collections.abc import Iterable
from datetime import date

from workflow.domain.appropriateness import Chosen
from workflow.domain.plainenglish import PHRASES
from workflow.domain.plainwords import day, leg_name, part, say


def decided(items: Iterable[Chosen], language: str = "en") -> tuple[str, ...]:
    """Return one plain line for each treatment of an approved plan, in the order planned."""
    return tuple(dict.fromkeys(_line(item, language) for item in items))


def _line(item: Chosen, language: str) -> str:
    key, done = "plan.visit" if item.is_procedure else "plan.line", treatment(item, language)
    return say(language, key, Leg=leg_name(language, item.leg), done=done, visit=item.session)


def treatment(item: Chosen, language: str = "en") -> str:
    """Return a treatment as it stands within a sentence: 'close the main vein … with heat'."""
    known = f"plan.{item.modality}"
    return part(language, known if known in PHRASES else "plan.other", vein=_vein(item, language))


def _vein(item: Chosen, language: str) -> str:
    vein = item.vein or ""
    stem = next((stem for stem in ("TRIB", "PERF") if vein.startswith(stem)), vein)
    key = f"plan.vein.{stem}"
    return part(language, key if key in PHRASES else "plan.vein")


def declined(language: str = "en") -> tuple[str, ...]:
    """Return what was decided, when the patient said no."""
    return (say(language, "declined"), say(language, "change_mind"))


DECLINED = declined()
"""The same in English."""


def after_approval(
    items: Iterable[Chosen], phone: str, on: date | None = None, language: str = "en"
) -> tuple[str, ...]:
    """Return what happens next once a plan is approved."""
    procedure = any(item.is_procedure for item in items)
    steps = ("will_call", "before_visit") if procedure else ("no_procedure",)
    return _next(steps, phone, on, language)


def after_declining(phone: str, on: date | None = None, language: str = "en") -> tuple[str, ...]:
    """Return what happens next when the patient declined."""
    return _next(("come_back",), phone, on, language)


def after_signing(phone: str, on: date | None = None, language: str = "en") -> tuple[str, ...]:
    """Return what happens next once the scan is read and no plan is made yet."""
    return _next(("will_talk",), phone, on, language)


def replaces(given: date, language: str = "en") -> str:
    """Return the line that heads a result which takes the place of one that was given before."""
    return say(language, "replaces", day=day(language, given))


def _next(steps: Iterable[str], phone: str, on: date | None, language: str) -> tuple[str, ...]:
    """Return the steps, then the next visit where a day is set, then how to reach us."""
    said = [say(language, step) for step in steps]
    if on is not None:
        said.append(say(language, "next_visit", day=day(language, on)))
    return (*said, say(language, "call_phone" if phone else "call_us", phone=phone))
