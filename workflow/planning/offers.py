"""Lay out what the rules offer a leg, vein by vein, beside what a plan holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workflow.domain.anatomy import TRUNKS, Leg, segment, vein_name
from workflow.domain.appropriateness import Chosen, excluded_for, finding, of_option
from workflow.domain.documents import ScanReport
from workflow.domain.interpretation import Interpretation, Option
from workflow.domain.modality import modality_name


@dataclass(frozen=True, slots=True)
class Offer:
    """One treatment as the page shows it: what it rests on, why, and whether it is in the plan."""

    item: Chosen
    name: str
    finding: str
    chosen: bool
    rank: int | None = None
    off_label: bool = False
    reasons: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VeinOffers:
    """The treatments of one vein of a leg, in rank order."""

    title: str
    finding: str
    offers: tuple[Offer, ...]

    @property
    def shared(self) -> tuple[str, ...]:
        """Return the reasons that all of several treatments have, to be said once."""
        return _common([offer.reasons for offer in self.offers])

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the sources that all of several treatments have, to be named once."""
        return _common([offer.sources for offer in self.offers])


def _common(lines: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    if len(lines) < 2:
        return ()
    return tuple(line for line in lines[0] if all(line in others for others in lines))


@dataclass(frozen=True, slots=True)
class LegOffers:
    """All that is offered for a leg, what is chosen against the rules, and what is ruled out."""

    leg: Leg
    veins: tuple[VeinOffers, ...]
    against: tuple[Offer, ...]
    ruled_out: tuple[tuple[str, str], ...]
    ceap: str
    vcss: str


def offers_by_leg(
    reading: Interpretation, report: ScanReport, items: Sequence[Chosen]
) -> tuple[LegOffers, ...]:
    """Return what each leg is offered, what is chosen against the rules, and what is ruled out."""
    return tuple(_leg(reading, report, leg, items) for leg in Leg)


def _leg(
    reading: Interpretation, report: ScanReport, leg: Leg, items: Sequence[Chosen]
) -> LegOffers:
    sessions = {item.key: item for item in items}
    options = [option for option in reading.options if option.leg is leg]
    offered = {of_option(option).key for option in options}
    by_vein: dict[str | None, list[Option]] = {}
    for option in sorted(options, key=lambda o: o.rank):
        by_vein.setdefault(option.vein, []).append(option)
    said = next((part for part in report.legs if part.leg is leg), None)
    return LegOffers(
        leg=leg,
        veins=tuple(
            VeinOffers(
                title=_title(vein),
                finding=finding(reading, leg, vein),
                offers=tuple(_offer(reading, option, sessions) for option in of_vein),
            )
            for vein, of_vein in by_vein.items()
        ),
        against=tuple(
            _against(reading, item) for item in items if item.leg is leg and item.key not in offered
        ),
        ruled_out=_ruled_out(reading, leg),
        ceap=said.ceap if said else "Not scanned",
        vcss=said.vcss if said else "–",
    )


def _title(vein: str | None) -> str:
    if vein is None:
        return "Without a procedure"
    name = vein_name(vein)
    return name[0].upper() + name[1:]


def _offer(reading: Interpretation, option: Option, items: Mapping[str, Chosen]) -> Offer:
    stands = of_option(option)
    return Offer(
        item=items.get(stands.key, stands),
        name=modality_name(option.modality),
        finding=finding(reading, option.leg, option.vein),
        chosen=stands.key in items,
        rank=option.rank,
        off_label=option.off_label,
        reasons=option.reasons,
        sources=option.sources,
        agents=option.agents,
    )


def _against(reading: Interpretation, item: Chosen) -> Offer:
    why = excluded_for(reading, item)
    return Offer(
        item=item,
        name=modality_name(item.modality),
        finding=finding(reading, item.leg, item.vein),
        chosen=True,
        reasons=(why.reason if why else "The rules do not offer this here.",),
    )


def _ruled_out(reading: Interpretation, leg: Leg) -> tuple[tuple[str, str], ...]:
    rows = [e for e in reading.excluded if e.leg in {leg, None}]
    return tuple(
        dict.fromkeys(
            (modality_name(e.modality) + (f", {vein_name(e.vein)}" if e.vein else ""), e.reason)
            for e in rows
        )
    )


def addable_veins(reading: Interpretation) -> tuple[tuple[str, str], ...]:
    """Return the veins a treatment may be added for: the trunks, and what the scan looked at."""
    seen = [result.vein for result in reading.veins if not _is_deep(result.vein)]
    veins = dict.fromkeys([*TRUNKS, *seen, "TEL"])
    return (("", "No vein (the leg)"), *((vein, _title(vein)) for vein in veins))


def _is_deep(vein: str) -> bool:
    site = segment(vein)
    return vein == "FV" or (site is not None and (site.deep or site.junction))
