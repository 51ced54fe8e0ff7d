"""Collect the options of one leg and what bars them, while the rules are read in their order."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from workflow.domain.interpretation import Exclusion, Option
from workflow.domain.legstate import LegState
from workflow.domain.modality import METHODS, PROCEDURES, off_label
from workflow.domain.patient_facts import PatientFacts, compression_barred

RULES = "Clinic decision rules"


@dataclass(slots=True)
class Choices:
    """The options of one leg as they grow; a bar, once set, keeps its first reason."""

    state: LegState
    patient: PatientFacts
    options: list[Option] = field(default_factory=list)
    offered: set[tuple[str, str | None]] = field(default_factory=set)
    bars: dict[str, str] = field(default_factory=dict)
    vein_bars: dict[tuple[str, str], str] = field(default_factory=dict)
    also_barred: dict[str, str] = field(default_factory=dict)

    def bar(self, modalities: Iterable[str], reason: str) -> None:
        """Rule modalities out for the whole leg."""
        for modality in modalities:
            self.bars.setdefault(modality, reason)

    def bar_procedures(self, reason: str) -> None:
        """Rule every procedure out for the whole leg."""
        self.bar(PROCEDURES, reason)

    def bar_vein(self, modality: str, vein: str, reason: str) -> None:
        """Rule one modality out for one vein."""
        self.vein_bars.setdefault((modality, vein), reason)

    def bar_other(self, name: str, reason: str) -> None:
        """Rule out something that is no procedure: an agent, the next session, compression."""
        self.also_barred.setdefault(name, reason)

    def offer(
        self,
        modality: str,
        vein: str | None,
        rank: int,
        *reasons: str,
        sources: tuple[str, ...],
        row: int,
    ) -> None:
        """Add an option unless something bars it, or no agent it needs is left.

        `row` is the row of §4.8 that calls for it.
        """
        if modality in self.bars:
            return
        if vein is not None and (modality, vein) in self.vein_bars:
            return
        method = METHODS[modality]
        barred = self.barred_agents if method.agents else frozenset()
        agents = tuple(agent for agent in method.agents if agent not in barred)
        if method.agents and not agents:
            self.bar([modality], "No sclerosant is left that this patient may receive.")
            return
        if (modality, vein) in self.offered:
            return
        self.offered.add((modality, vein))
        self.options.append(
            Option(
                modality=modality,
                leg=self.state.leg,
                vein=vein,
                rank=rank,
                off_label=off_label(modality, vein, agents),
                reasons=tuple(reason for reason in reasons if reason),
                sources=sources,
                agents=agents,
                row=row,
            )
        )

    @property
    def barred_agents(self) -> frozenset[str]:
        """Return the sclerosants this leg may not receive."""
        return self.patient.barred_agents | ({"STS"} if sts_barred(self) else frozenset())

    def care(self, reason: str, *, row: int) -> None:
        """Offer conservative care, without compression where the arteries forbid it."""
        barred = compression_barred(self.state)
        without = "Leave compression out: exercise, elevation and skin care only." if barred else ""
        self.offer("CONS", None, 1, reason, without, sources=(RULES, "NICE CG168"), row=row)

    def review(self, reason: str, vein: str | None = None, *, row: int) -> None:
        """Ask for the physician's review, first of all."""
        self.offer("PHYSICIAN_REVIEW", vein, 1, reason, sources=(RULES,), row=row)

    def exclusions(self, otherwise: dict[str, str]) -> tuple[Exclusion, ...]:
        """Return what is ruled out: each procedure that is not offered, and what else is barred.

        `otherwise` gives the reason for a procedure that nothing bars but nothing calls for.
        """
        leg, offered = self.state.leg, {option.modality for option in self.options}
        found = [
            Exclusion(modality, self._reason(modality, otherwise), leg)
            for modality in PROCEDURES
            if modality not in offered
        ]
        found += [
            Exclusion(modality, reason, leg, vein)
            for (modality, vein), reason in self.vein_bars.items()
            if modality in offered
        ]
        found += [Exclusion(name, reason, leg) for name, reason in self.also_barred.items()]
        return tuple(found)

    def _reason(self, modality: str, otherwise: dict[str, str]) -> str:
        if modality in self.bars:
            return self.bars[modality]
        of_veins = [why for (name, _), why in self.vein_bars.items() if name == modality]
        return of_veins[0] if of_veins else otherwise[modality]


def sts_barred(choices: Choices) -> str | None:
    """Say why the label of sodium tetradecyl sulfate bars it on this leg, or None (§4.4)."""
    if choices.patient.bedridden:
        return "The patient is bedridden."
    if choices.state.deep_reflux:
        return f"A deep vein of the {choices.state.leg.word} leg refluxes."
    if choices.state.post_thrombotic_deep:
        return f"A deep vein of the {choices.state.leg.word} leg carries post-thrombotic change."
    return None
