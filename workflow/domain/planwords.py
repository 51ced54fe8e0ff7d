"""Say what a treatment plan holds, why, what may go wrong, and what else could be done (§9).

Every sentence is plain, in the patient's language. Beside it stands how the record names the
treatment and the finding it rests on, in the words of clinicians.
"""

from collections.abc import Iterator, Sequence

from workflow.domain.anatomy import Leg, vein_name
from workflow.domain.appropriateness import Chosen, finding, of_option, vein_result
from workflow.domain.decision import treatment
from workflow.domain.interpretation import Exclusion, Interpretation
from workflow.domain.modality import PROCEDURES, modality_name
from workflow.domain.patientwords import WAYS, cannot_wait, care_advice
from workflow.domain.phrases import listed, plain_number
from workflow.domain.plainwords import leg_name, part, say, the_leg
from workflow.domain.plandocuments import PlanLine, RuledOut

_WHY = {
    **dict.fromkeys(("RFA", "EVLA", "CAC", "MOCA", "PEM", "UGFS"), "why.close"),
    "PHLEB": "why.cuts",
    "LIQ": "why.shots",
    "PERF_RFA": "why.link",
    "CONS": "why.care",
    "IMAGING_ILIAC": "why.picture",
    "REPEAT_SCAN": "why.again",
    "SURVEILLANCE_DUPLEX": "why.check",
    "PHYSICIAN_REVIEW": "why.review",
}
_HEAT = frozenset({"RFA", "EVLA", "PERF_RFA"})
_FOAM = frozenset({"PEM", "UGFS"})
_MEDICINE = _FOAM | {"LIQ", "MOCA"}
_CUTS = frozenset({"PHLEB"})
_ANY = frozenset(PROCEDURES)
_RISKS: tuple[tuple[str, frozenset[str]], ...] = (
    ("bruise", _ANY - {"LIQ"}),
    ("numb", _HEAT | _CUTS),
    ("burn", _HEAT),
    ("scars", _CUTS),
    ("glue", frozenset({"CAC"})),
    ("brown", _MEDICINE),
    ("web", _FOAM | {"LIQ"}),
    ("eyes", _FOAM),
    ("allergy", _MEDICINE),
    ("germs", _ANY - {"LIQ"}),
    ("clot", _ANY),
    ("again", _ANY - {"LIQ", "PHLEB"}),
    ("visits", _ANY),
)
"""What may go wrong, in the order it is said, and with which procedures (§5.4)."""


def plan_lines(
    items: Sequence[Chosen], read: Interpretation, language: str = "en"
) -> tuple[PlanLine, ...]:
    """Return what is planned, by session; what sounds alike to a patient stands in one line."""
    alike: dict[tuple[Leg, int, str, str], list[Chosen]] = {}
    for item in items:
        session = item.session if item.is_procedure else 0
        place = (item.leg, session, item.modality, treatment(item, language))
        alike.setdefault(place, []).append(item)
    lines = [
        PlanLine(
            leg=leg,
            session=session,
            what=say(language, "plan.line", Leg=leg_name(language, leg), done=done),
            why=_why(group, read, language),
            record=_record(group, read),
        )
        for (leg, session, _, done), group in alike.items()
    ]
    return tuple(sorted(lines, key=lambda line: line.session or 99))


def _why(group: Sequence[Chosen], read: Interpretation, language: str) -> tuple[str, ...]:
    """Return what was found and why this is done, in plain sentences."""
    item = group[0]
    leg = the_leg(language, [item.leg])
    why = say(language, _WHY[item.modality], leg=leg)
    return tuple(filter(None, (_found(item, read, language), why)))


def _found(item: Chosen, read: Interpretation, language: str) -> str:
    vein = item.vein or ""
    if vein in {"TEL", "RET"}:
        return say(language, "found.skin")
    if not vein:
        leaks = any(each.leg is item.leg and each.reflux for each in read.veins)
        leg = the_leg(language, [item.leg])
        return say(language, "found.leg_leaks", leg=leg) if leaks else ""
    result = vein_result(read, item.leg, item.vein)
    if result is None or not result.reflux:
        return ""
    if vein.startswith("PERF"):
        return say(language, "found.link")
    if vein.startswith(("TRIB", "PAV")):
        return say(language, "found.branch")
    if result.max_mm is None:
        return say(language, "found.vein")
    return say(language, "found.vein_wide", mm=plain_number(result.max_mm))


def _record(group: Sequence[Chosen], read: Interpretation) -> str:
    """Return how the record names the treatment, what it rests on, and the rules' reasons."""
    item = group[0]
    options = {of_option(option).key: option for option in read.options}
    offered = [options[each.key] for each in group if each.key in options]
    veins = listed(_vein_found(each, read) for each in group if each.vein)
    said = [f"{modality_name(item.modality)}, {item.leg.word} leg{f': {veins}' if veins else ''}."]
    if any(option.off_label for option in offered):
        said.append("Off label.")
    if not all(each.offered for each in group):
        said.append("Not offered by the rules.")
    if offered:
        shared = (r for r in offered[0].reasons if all(r in o.reasons for o in offered))
        said += dict.fromkeys(shared)
    return " ".join(said)


def _vein_found(item: Chosen, read: Interpretation) -> str:
    name, rests_on = vein_name(item.vein or ""), finding(read, item.leg, item.vein)
    bare = rests_on.removeprefix(f"{item.vein} ")
    return f"{name} ({bare})" if bare else name


def ruled_out(
    items: Sequence[Chosen], read: Interpretation, language: str = "en"
) -> tuple[RuledOut, ...]:
    """Return the procedures that do not fit a leg, those that do not for one reason together."""
    said = []
    for leg in Leg:
        possible = {o.modality for o in read.options if o.leg is leg}
        possible |= {item.modality for item in items if item.leg is leg}
        out = [
            e
            for e in read.excluded
            if e.leg in {leg, None} and e.modality in PROCEDURES and e.modality not in possible
        ]
        if {e.modality for e in out} == set(PROCEDURES):
            reasons = " ".join(dict.fromkeys(e.reason for e in out))
            said.append(RuledOut(leg, say(language, "out.all"), reasons))
        else:
            said += _by_reason(leg, out, language)
    return tuple(said)


def _by_reason(leg: Leg, out: Sequence[Exclusion], language: str) -> Iterator[RuledOut]:
    groups: dict[tuple[str, ...], list[str]] = {}
    for modality in dict.fromkeys(each.modality for each in out):
        reasons = tuple(dict.fromkeys(e.reason for e in out if e.modality == modality))
        groups.setdefault(reasons, []).append(modality)
    for reasons, modalities in groups.items():
        ways = dict.fromkeys(part(language, WAYS[name]) for name in modalities)
        names = listed(modality_name(name) for name in modalities)
        what = "; ".join(ways)
        yield RuledOut(leg, f"{what[0].upper()}{what[1:]}.", f"{names}: {' '.join(reasons)}")


def risks(items: Sequence[Chosen], read: Interpretation, language: str = "en") -> tuple[str, ...]:
    """Return what may go wrong with what is planned; of waiting, where nothing else is."""
    planned = {item.modality for item in items if item.is_procedure}
    if not planned:
        waits = any(vein.reflux for vein in read.veins) and not cannot_wait(read)
        return (say(language, "risk.wait"),) if waits else ()
    said = [say(language, f"risk.{name}") for name, by in _RISKS if planned & by]
    keys = {item.key for item in items}
    if any(option.off_label and of_option(option).key in keys for option in read.options):
        said.append(say(language, "risk.label"))
    return tuple(said)


def alternatives(
    items: Sequence[Chosen], read: Interpretation, language: str = "en"
) -> tuple[str, ...]:
    """Return what else could be done, doing nothing among it; nothing where it cannot wait."""
    if cannot_wait(read):
        return ()
    procedures = [item for item in items if item.is_procedure]
    said = []
    if procedures:
        leaks = any(vein.reflux for vein in read.veins)
        said += [say(language, "wait"), *([say(language, "risk.wait")] if leaks else [])]
    if not any(item.modality == "CONS" for item in items):
        said.append(say(language, care_advice(read)))
    return (*said, *_other_ways(procedures, read, language), say(language, "instead.no"))


def _other_ways(
    planned: Sequence[Chosen], read: Interpretation, language: str
) -> Iterator[str]:  # fmt: skip
    """Yield the ways that the rules offer and the plan does not take."""
    taken = {WAYS[item.modality] for item in planned}
    offered = sorted(read.options, key=lambda option: option.rank)
    ways = [WAYS[each.modality] for each in offered if each.modality in WAYS]
    others = [way for way in dict.fromkeys(ways) if way not in taken]
    if len(others) == 1:
        yield say(language, "instead.way", way=part(language, others[0]))
    elif others:
        yield say(language, "instead.ways")
        yield from (f"{say(language, way)}." for way in others)
