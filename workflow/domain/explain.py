"""Tell a physician in text what fired, its source, and what would change the answer."""

from collections.abc import Iterator

from workflow.domain.alarm import LIST
from workflow.domain.anatomy import Leg
from workflow.domain.case import Case
from workflow.domain.decisionrows import ROWS
from workflow.domain.findings import Reading
from workflow.domain.interpretation import Alert, Interpretation, Option, SegmentResult, VeinResult
from workflow.domain.modality import modality_name
from workflow.domain.phrases import capital, mm_words, ms_words, site_words, the_vein
from workflow.domain.profile import Cutoff


def explain(read: Interpretation, case: Case) -> str:
    """Return the whole interpretation of a case as text: a draft for the physician."""
    parts = (
        ("Draft for the physician", _opening(read, case)),
        ("What fired", _alerts(read)),
        ("What is offered", _options(read)),
        ("What is ruled out", _excluded(read)),
        ("Each site", _sites(read, case)),
        ("Each vein", _veins(read)),
        ("Severity", _severity(read)),
        ("Payers, apart from what the clinic offers", _payers(read)),
        ("Codes, for a coder to confirm", _codes(read)),
        ("Drafted impression", _impression(read)),
        ("What the patient reads", iter(read.patient_message)),
    )
    return "\n\n".join(_section(title, list(lines)) for title, lines in parts) + "\n"


def _section(title: str, lines: list[str]) -> str:
    return "\n".join([title, "-" * len(title), *(lines or ["Nothing."])])


def _opening(read: Interpretation, case: Case) -> Iterator[str]:
    yield f"Case {case.id}, as of {case.as_of.isoformat()}."
    yield read.profile_line


def _side(leg: Leg | None) -> str:
    return f" ({leg.word} leg)" if leg is not None else ""


def _alerts(read: Interpretation) -> Iterator[str]:
    for alert in read.alerts:
        yield from _alert(alert)


def _alert(alert: Alert) -> Iterator[str]:
    rule = LIST[alert.id]
    yield f"{alert.severity} {alert.id}{_side(alert.leg)}: {alert.text}"
    yield f"    Fires when {rule.when}."
    yield f"    Source: {alert.source}."
    yield f"    It would end with {rule.ended_by}."


def _options(read: Interpretation) -> Iterator[str]:
    for option in read.options:
        yield from _option(option)


def _option(option: Option) -> Iterator[str]:
    vein = f" of {option.vein}" if option.vein else ""
    mark = ", off its US label" if option.off_label else ""
    agents = f" Agents left: {', '.join(option.agents)}." if option.agents else ""
    name = modality_name(option.modality)
    yield f"{capital(option.leg.word)} leg, rank {option.rank}: {name}{vein}{mark}.{agents}"
    yield f"    Because: {' '.join(option.reasons)}"
    yield f"    Rule: §4.8, row {option.row}. Source: {'; '.join(option.sources)}."
    yield f"    It would change with {ROWS[option.row].changed_by}."


def _excluded(read: Interpretation) -> Iterator[str]:
    for each in read.excluded:
        vein = f" of {each.vein}" if each.vein else ""
        yield f"{modality_name(each.modality)}{vein}{_side(each.leg)}: {each.reason}"


def _sites(read: Interpretation, case: Case) -> Iterator[str]:
    for reading, result in zip(case.exam.segments, read.segments, strict=True):
        yield f"{capital(reading.leg.word)} {_site(reading, result, read)}"


def _site(reading: Reading, result: SegmentResult, read: Interpretation) -> str:
    name, cutoff = site_words(reading.segment), read.profile.cutoff(reading.site)
    if cutoff is None:
        return f"{name}: the protocol does not time it."
    if reading.reflux_ms is None:
        return f"{name}: not timed, so not known; a time {cutoff} would be reflux."
    near = " Borderline: the physician confirms it." if result.borderline else ""
    said = "reflux" if result.reflux else "no reflux"
    turn = _turning_point(cutoff, leaks=bool(result.reflux))
    return f"{name}: {ms_words(reading.reflux_ms)}, {said} ({cutoff}). {turn}{near}"


def _turning_point(cutoff: Cutoff, *, leaks: bool) -> str:
    """Return the time, to the millisecond, at which a site would be judged the other way."""
    first = cutoff.ms if cutoff.reaching_counts else cutoff.ms + 1
    if leaks:
        return f"It would be none at {ms_words(first - 1)} or less."
    return f"It would be reflux at {ms_words(first)} or more."


def _veins(read: Interpretation) -> Iterator[str]:
    for vein in read.veins:
        yield f"{capital(vein.leg.word)} leg. {the_vein(vein.vein)}: {', '.join(_vein(vein))}."


def _vein(vein: VeinResult) -> Iterator[str]:
    yield {True: "reflux", False: "no reflux", None: "reflux not known"}[vein.reflux]
    if vein.pattern:
        yield f"pattern {vein.pattern.replace('_', ' ')}"
    if vein.max_ms is not None:
        yield f"longest {ms_words(vein.max_ms)}"
    if vein.max_mm is not None:
        yield f"widest {mm_words(vein.max_mm)}"
    if vein.incomplete:
        yield "only a part was timed"
    if vein.thrombus:
        yield f"thrombus {vein.thrombus.replace('_', ' ')}"
    if vein.closure:
        yield f"closure {vein.closure}"
    if vein.vein.startswith("PERF_"):
        yield f"pathologic by 2022: {_YES_NO[vein.pathologic]}"
        yield f"by 2011: {_YES_NO[vein.pathologic_2011]}"


_YES_NO = {True: "yes", False: "no", None: "not known"}


def _severity(read: Interpretation) -> Iterator[str]:
    for ceap in read.ceap:
        why = f"deferred. {ceap.deferred}" if ceap.deferred else ceap.advanced
        yield f"CEAP 2020, {ceap.leg.word} leg: {why}"
    for each in read.vcss:
        said = "deferred, or an item is missing"
        if each.total is not None:
            said = f"{each.total}; {each.total_without_compression} without compression"
        yield f"rVCSS, {each.leg.word} leg: {said}."
    yield from _scores(read)


def _scores(read: Interpretation) -> Iterator[str]:
    if read.wells is not None:
        yield f"Wells: {read.wells.total}, {read.wells.level}."
    if read.villalta is not None:
        yield f"Villalta{_side(read.villalta.leg)}: {read.villalta.total}, {read.villalta.level}."
    if read.ehit is not None:
        level = read.ehit.level or read.ehit.question
        yield f"Extension after ablation, {read.ehit.leg.word} leg: {level}."
    for name, dose in (("Lidocaine", read.lidocaine), ("Sclerosant", read.dose)):
        if dose is not None:
            yield f"{name}: {(dose.level or 'not known').replace('_', ' ')}. {dose.reason}"


def _payers(read: Interpretation) -> Iterator[str]:
    for view in read.payer:
        policy = view.policy
        old = ", archived" if policy.archived else ""
        ready = "ready" if view.ready else "not ready"
        yield f"{policy.payer}, {policy.policy}{old}: {ready}. Source: {policy.source}."
        yield from (f"    {gap}" for gap in view.gaps)


def _codes(read: Interpretation) -> Iterator[str]:
    if read.icd10:
        yield f"ICD-10-CM: {', '.join(read.icd10)}."
    for code in read.cpt:
        needs = f" Needs the {code.needs}." if code.needs else ""
        yield f"CPT {code}: {code.label}.{needs}"


def _impression(read: Interpretation) -> Iterator[str]:
    for each in read.impression:
        yield f"{capital(each.leg.word)} leg: {' '.join(each.sentences)}"
