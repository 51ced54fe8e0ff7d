"""Say what each treatment of a plan rests on, and what speaks against approving it.

A plan may go against the rules; it may not do so silently, on the wrong leg, on findings that
changed, or while something bars elective treatment (clinical reference §3.9, §4.3, §8.1).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from workflow.domain.anatomy import Leg, vein_name
from workflow.domain.comparison import values
from workflow.domain.documents import ScanReport, by_site
from workflow.domain.interpretation import (
    Alert,
    Exclusion,
    Interpretation,
    Option,
    Severity,
    VeinResult,
)
from workflow.domain.modality import PROCEDURES, modality_name
from workflow.domain.plan import PlanFacts, PlanStatus

BARS_EVERYTHING = frozenset(
    {"RF1_ACUTE_DVT", "RF3_EMERGENCY", "RF9_PREGNANCY", "RF10_NEURO_ISCHAEMIA", "URGENT_EHIT"}
)
"""The STOP alerts that bar elective procedures on both legs (§4.8, rows 0, 1, 2 and 4)."""

BARS_ITS_LEG = frozenset({"RF6_ABI"})
"""The STOP alerts that bar them on the leg they name (§4.8, row 6)."""

_CLOSURES = {"complete": "closed", "partial": "partly open", "recanalised": "open again"}
_WITHOUT_A_FINDING = frozenset({"TEL", "RET"})
"""What is seen on the skin rather than timed by ultrasound."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One treatment of a plan: of which vein of which leg, and in which session (1–9; 0 for none).

    `offered` is whether the rules offered it when it was chosen.
    """

    leg: Leg
    vein: str | None
    modality: str
    session: int = 1
    offered: bool = True

    @property
    def key(self) -> str:
        """Return what names this treatment within a plan: 'R.GSV.RFA', or 'L..CONS'."""
        return f"{self.leg.value}.{self.vein or ''}.{self.modality}"

    @property
    def is_procedure(self) -> bool:
        """Say whether this is an elective procedure rather than care, a scan or a review."""
        return self.modality in PROCEDURES

    @property
    def words(self) -> str:
        """Return the treatment in words: 'Radiofrequency ablation (RFA), right great …'."""
        where = f"{self.leg.word} {vein_name(self.vein)}" if self.vein else f"{self.leg.word} leg"
        return f"{modality_name(self.modality)}, {where}"


def of_option(option: Option, session: int = 1) -> Chosen:
    """Return the treatment an option of the rules stands for."""
    return Chosen(option.leg, option.vein, option.modality, session)


def vein_result(read: Interpretation, leg: Leg, vein: str | None) -> VeinResult | None:
    """Return what the rules made of one vein of one leg, or None where it was not examined."""
    return next((v for v in read.veins if v.leg is leg and v.vein == vein), None)


def finding(read: Interpretation, leg: Leg, vein: str | None) -> str:
    """Return the finding a treatment rests on: 'GSV axial reflux, 2,600 ms, 7.2 mm'; '' if none."""
    if vein in _WITHOUT_A_FINDING:
        return "Seen on the skin"
    result = vein_result(read, leg, vein)
    if result is None:
        return ""
    pattern = (result.pattern or "").replace("axial_accessory", "axial")
    state = f"{pattern} reflux".strip() if result.reflux else _state(result)
    values = [
        state,
        f"{result.max_ms:,} ms" if result.max_ms is not None else "",
        f"{result.max_mm.normalize():f} mm" if result.max_mm is not None else "",
    ]
    return f"{result.vein} {', '.join(filter(None, values))}".strip()


def _state(result: VeinResult) -> str:
    if result.thrombus and result.thrombus != "none":
        return f"{result.thrombus.replace('_', ' ')} thrombus"
    if result.closure:
        return _CLOSURES.get(result.closure, result.closure.replace("_", " "))
    return "not timed" if result.reflux is None else "no reflux"


def excluded_for(read: Interpretation, item: Chosen) -> Exclusion | None:
    """Return why the rules leave a treatment out, in their closest words, or None."""
    same = [e for e in read.excluded if e.modality == item.modality and e.leg in {item.leg, None}]
    exact = [e for e in same if e.vein == item.vein]
    return next(chain(exact, same), None)


def laterality(read: Interpretation, items: Iterable[Chosen]) -> str:
    """Say which procedure rests on no finding of its own leg, or '' where each one does."""
    for item in items:
        if not item.is_procedure or item.vein in _WITHOUT_A_FINDING:
            continue
        here = vein_result(read, item.leg, item.vein)
        if here is not None and here.reflux:
            continue
        there = vein_result(read, item.leg.other, item.vein)
        side = f" The signed report holds it in the {item.leg.other.word} leg."
        name = vein_name(item.vein) if item.vein else "leg"
        return (
            f"{item.words}: the signed report holds no reflux in the {item.leg.word} {name}."
            f"{side if there is not None and there.reflux else ''} Check the leg and the vein."
        )
    return ""


def unjustified(items: Iterable[Chosen], against: str) -> str:
    """Say which treatment goes against the rules without a reason, or ''."""
    for item in items:
        if not item.offered and not against.strip():
            return f"{item.words}: the rules do not offer this. Write why it is chosen."
    return ""


def stops(items: Sequence[Chosen], alerts: Iterable[Alert], *, critical: bool) -> str:
    """Say what bars the plan's procedures now, or ''. A plan without procedures is never barred."""
    procedures = [item for item in items if item.is_procedure]
    if not procedures:
        return ""
    if critical:
        return "A critical finding is open. Record what was done about it first."
    for alert in alerts:
        if alert.severity is not Severity.STOP:
            continue
        everywhere = alert.id in BARS_EVERYTHING
        on_its_leg = alert.id in BARS_ITS_LEG and any(i.leg is alert.leg for i in procedures)
        if everywhere or on_its_leg:
            return f"Elective procedures are barred. {alert.text}"
    return ""


def no_longer_offered(items: Iterable[Chosen], now: Interpretation) -> str:
    """Say which treatment the rules offered at drafting and do not offer any more, or ''."""
    offered = {of_option(option).key for option in now.options}
    for item in items:
        if item.offered and item.key not in offered:
            why = excluded_for(now, item)
            reason = f" {why.reason}" if why else ""
            return f"{item.words}: the rules no longer offer this.{reason} Revise the plan."
    return ""


def severity_missing(read: Interpretation, items: Iterable[Chosen]) -> str:
    """Say which leg of a planned procedure lacks its CEAP or its rVCSS (§1.7), or ''."""
    legs = dict.fromkeys(item.leg for item in items if item.is_procedure)
    for leg in legs:
        ceap = next((c for c in read.ceap if c.leg is leg), None)
        vcss = next((v for v in read.vcss if v.leg is leg), None)
        if ceap is None or ceap.deferred:
            why = f" {ceap.deferred}" if ceap and ceap.deferred else ""
            return f"CEAP of the {leg.word} leg is deferred.{why} A procedure there needs it."
        if vcss is None or vcss.total is None:
            return f"rVCSS of the {leg.word} leg is not recorded. A procedure there needs it."
    return ""


def changes(before: ScanReport, after: ScanReport) -> tuple[str, ...]:
    """Return what a newer report says otherwise, one sentence a value, in scanning order."""
    old, new = by_site(before.rows), by_site(after.rows)
    said: list[str] = []
    for site in dict.fromkeys([*old, *new]):
        was, now = values(old.get(site)), values(new.get(site))
        if was != now:
            row = new.get(site) or old[site]
            said.append(f"{row.leg.word.capitalize()} {row.site.lower()}: {was} → {now}")
    for then in before.legs:
        here = next((leg for leg in after.legs if leg.leg is then.leg), None)
        if here is not None and here.ceap != then.ceap:
            said.append(f"{then.leg.word.capitalize()} CEAP: {then.ceap} → {here.ceap}")
    return tuple(said)


def stale(changed: Sequence[str], items: Sequence[Chosen] = (), *, newer: bool) -> str:
    """Say that what a plan rests on changed after it was drafted, and which values; or ''.

    `newer` is whether another scan was signed since; an amendment makes a plan stale only by a
    value it changes. The veins that the plan treats are named first.
    """
    if not changed:
        signed = "A newer report was signed after this plan was drafted. Revise the plan."
        return signed if newer else ""
    first = sorted(changed, key=lambda said: not any(_is_about(said, item) for item in items))
    more = f" and {len(first) - 3} more" if len(first) > 3 else ""
    return (
        f"The findings changed after this plan was drafted: {'; '.join(first[:3])}{more}. "
        "Revise the plan."
    )


def _is_about(said: str, item: Chosen) -> bool:
    name = vein_name(item.vein).removesuffix(" vein") if item.vein else ""
    return said.lower().startswith(f"{item.leg.word} {name}".strip().lower())


def plan_facts(
    status: PlanStatus,
    items: Sequence[Chosen],
    *,
    against: str,
    signed: Interpretation,
    now: Interpretation,
    changed: Sequence[str],
    newer: bool,
    critical: bool,
    report: str = "",
    unanswered: str = "",
) -> PlanFacts:
    """Gather what the steps of a plan look at.

    `signed` is the reading the plan rests on, `now` the scan that stands read with today's history.
    `report` says why the report may not be gone by, `unanswered` which alert has no reason.
    """
    return PlanFacts(
        status=status,
        items=len(items),
        report=report,
        stale=stale(changed, items, newer=newer) or no_longer_offered(items, now),
        laterality=laterality(signed, items),
        unjustified=unjustified(items, against) or unanswered,
        stops=stops(items, now.alerts, critical=critical),
        severity_missing=severity_missing(signed, items),
    )
