"""Write every rule, number, source and version as the page `docs/rules.md`."""

import sys
from collections.abc import Iterable

from workflow.domain import plainenglish, substances
from workflow.domain.alarm import LIST
from workflow.domain.anatomy import CATALOGUE
from workflow.domain.clinical import CLASSES, VCSS_ITEMS
from workflow.domain.codetables import CPT, ICD10CM, CodeRow
from workflow.domain.coverage import policies
from workflow.domain.decisionrows import ROWS
from workflow.domain.dosing import AGENTS
from workflow.domain.followup import CLAVIEN_DINDO, SIR_GRADES, Complication, needs_physician_now
from workflow.domain.interpretation import Predicate
from workflow.domain.limits import ABOUT, DEFAULT_LIMITS
from workflow.domain.modality import METHODS, PROCEDURES, TRUNK_RANKS
from workflow.domain.profile import PROFILES
from workflow.domain.protocols import PROTOCOLS
from workflow.domain.questionnaire import CRAMP_FREQUENCIES, VILLALTA_ITEMS, WELLS_ITEMS
from workflow.domain.required import REPORT_ELEMENTS

_HEAD = """# The clinic's rules

Made from the tables in `workflow/domain/` by `make rules`. Do not edit; a test holds this page
against the code. Paragraph numbers (§) are those of the clinical reference; [K] marks domain
knowledge that was not checked against its primary text, S-numbers the reference's sources.

Everything the rules say is a draft for the physician. Nothing is ordered by a rule, what was not
asked is never taken as no, and what was not timed is never called normal."""


def rules_page() -> str:
    """Return the page: every rule of the clinic with its number, its source and its version."""
    parts = (
        _HEAD,
        _section("Sites of the scan (§1.1)", _sites()),
        _section("Protocols (§1.1, §1.7)", _protocols()),
        _section("Reflux cut-offs (§2)", _profiles()),
        _section("Limits a clinic may set", _limits()),
        _section("Patterns, roll-up and pathologic perforators (§2, §4.8)", _ROLL_UP),
        _section("Severity (§3)", _severity()),
        _section("Alerts: the closed list (§3.10)", _alerts()),
        _section("Treatments (§4.2, §4.4)", _treatments()),
        _section("How the rules decide (§4.8)", _rows()),
        _section("Doses (§4.6, §4.7)", _doses()),
        _section("Medicines and allergies, by the words that tell them (§3.5, §3.6)", _words()),
        _section("Follow-up (§5)", _followup()),
        _section("Payers (§6.2)", _payers()),
        _section("Codes (§6)", _codes()),
        _section("Words for patients (§9)", _patient_words()),
    )
    return "\n\n".join(parts) + "\n"


def _section(title: str, body: str) -> str:
    return f"## {title}\n\n{body}"


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    heads = list(head)
    lines = [heads, ["---"] * len(heads), *([str(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _sites() -> str:
    return _table(
        ("Code", "Site", "Vein", "Threshold", "CEAP", "Protocol"),
        (
            (
                f"{s.code}{'n' if s.numbered else ''}",
                s.name,
                s.vein,
                s.threshold,
                s.ceap,
                s.required,
            )
            for s in CATALOGUE
        ),
    )


def _protocols() -> str:
    table = _table(
        ("Id", "Version", "Scan", "Required", "Source"),
        ((p.id, p.version, p.name, ", ".join(p.required), p.source) for p in PROTOCOLS.values()),
    )
    listed = "\n".join(
        f"- {each.says}{' Or the reason why not.' if each.told else ''}" for each in REPORT_ELEMENTS
    )
    return f"{table}\n\nA final report must hold:\n\n{listed}"


def _profiles() -> str:
    return _table(
        ("Id", "Version", "Name", "Superficial", "Femoropopliteal", "Other deep", "Perforator"),
        (
            (p.id, p.version, p.name, p.superficial, p.femoropopliteal, p.other_deep, p.perforator)
            for p in PROFILES.values()
        ),
    )


def _limits() -> str:
    table = _table(
        ("Limit", "Default", "May be", "Meaning", "Source"),
        (
            (
                f"`{name}`",
                f"{getattr(DEFAULT_LIMITS, name)} {about.unit}".strip(),
                f"{about.low} to {about.high}",
                about.says,
                about.source,
            )
            for name, about in ABOUT.items()
        ),
    )
    return f"Set `{DEFAULT_LIMITS.id}`, version {DEFAULT_LIMITS.version}.\n\n{table}"


_ROLL_UP = """- A vein refluxes where any of its timed sites does; it is not known where none was timed,
  or a site is thrombosed or closed and untimed; else it does not reflux.
- A vein of which only a part was timed says so. A deep vein that a clot extends into takes that clot.
- `axial`: in the great saphenous vein every site from the proximal thigh to the proximal calf, in
  the small saphenous vein all three calf sites, none missing. `axial_accessory`: two sites 5 cm or
  more apart. `junctional`: the junction. `segmental`: any other trunk in part.
- Pathologic perforator, 2022: it refluxes and is 3.5 mm or wider. 2011: the same, at a healed or
  open ulcer."""


def _severity() -> str:
    return "\n".join(
        (
            f"- CEAP 2020: classes {', '.join(CLASSES)}. C and the suffix are the clinician's; E, A",
            "  and P are proposed; deferred with acute thrombosis and on surveillance scans (§3.1).",
            f"- rVCSS: {', '.join(VCSS_ITEMS)}, each 0 to 3; with and without compression (§3.2).",
            f"- Villalta: {', '.join(VILLALTA_ITEMS)}, each 0 to 3. Under 5 none, 5 to 9 mild,",
            "  10 to 14 moderate, 15 and over or an ulcer severe (§3.3).",
            f"- Wells: {', '.join(WELLS_ITEMS)}. 2003: 2 and over likely; 1997, without the earlier",
            "  thrombosis: 3 and over high, 1 to 2 moderate, else low (§3.8).",
            "- Ankle-brachial index: under 0.50 severe, to 0.90 arterial, under 1.00 borderline, to",
            "  1.40 normal, above not compressible (§3.9).",
            "- Cramps: three numbers that are never summed. Frequency 0 to 5",
            f"  ({', '.join(CRAMP_FREQUENCIES)}), nights a week, intensity 0 to 10 (§3.5).",
        )
    )


def _alerts() -> str:
    return _table(
        ("Id", "Severity", "Fires when", "Ends with", "Source"),
        ((f"`{i}`", r.severity, r.when, r.ended_by, r.source) for i, r in LIST.items()),
    )


def _treatments() -> str:
    kinds = _table(
        ("Id", "Treatment", "Agents", "Heat", "Foam"),
        (
            (m.id, m.name, ", ".join(m.agents), _mark(m.thermal), _mark(m.foam))
            for m in METHODS.values()
        ),
    )
    procedures = [
        name for name in PROCEDURES if any(name in ranks for ranks in TRUNK_RANKS.values())
    ]
    ranks = _table(
        ("Axial trunk", *procedures),
        (
            (trunk, *(by.get(name, "not offered") for name in procedures))
            for trunk, by in TRUNK_RANKS.items()
        ),
    )
    labels = (
        "Off the US label: compounded foam always; Varithena in the small saphenous vein; STS in a "
        "refluxing trunk (§4.4)."
    )
    return f"{kinds}\n\nRanks (row 9):\n\n{ranks}\n\n{labels}"


def _mark(holds: object) -> str:
    return "yes" if holds else ""


def _rows() -> str:
    return _table(
        ("Row", "Rule", "Changed by", "Source"),
        ((row.number, row.says, row.changed_by, row.source) for row in ROWS.values()),
    )


def _doses() -> str:
    table = _table(
        ("Agent", "Asks over", "Stops over"),
        (
            (
                name,
                f"{getattr(DEFAULT_LIMITS, agent.soft)} mL" if agent.soft else "",
                f"{getattr(DEFAULT_LIMITS, agent.hard)} mL",
            )
            for name, agent in AGENTS.items()
        ),
    )
    notes = (
        "Milligrams are mL of liquid × percent × 10. Volume limits count foam; mg/kg counts the liquid "
        "inside it: one fifth of a 1:4 mix, 1.3 mg in each mL of Varithena. All injections of a day "
        "count together, both legs. Lidocaine is mL × percent × 10."
    )
    return f"{table}\n\n{notes}"


def _words() -> str:
    lists = {
        **{f"Trigger: {name}": words for name, words in substances.TRIGGER_DRUGS.items()},
        "Statins": substances.STATINS,
        "Anticoagulants": substances.ANTICOAGULANTS,
        "Acrylate": substances.ACRYLATE,
        "Polidocanol": substances.POLIDOCANOL,
        "STS": (*substances.STS, "STS as a word"),
        "Some sclerosant": substances.SCLEROSANT,
        "Lidocaine": substances.LIDOCAINE,
    }
    return _table(("Group", "Words"), ((name, ", ".join(words)) for name, words in lists.items()))


def _followup() -> str:
    kinds = ", ".join(f"{k}{' (at once)' if needs_physician_now(k) else ''}" for k in Complication)
    return "\n".join(
        (
            "- Extension after ablation (AVF/SVS 2020): I to the junction, II under 50 % of the deep",
            "  vein, III over 50 %, IV occlusive. Exactly 50 %, or not measured, asks.",
            "- Closure: complete while every patent part is under 5 cm; recanalised with one over 10",
            "  cm or with reflux; partial between.",
            f"- Complications: {kinds}.",
            f"- Grades: Clavien-Dindo {', '.join(CLAVIEN_DINDO)}, or SIR {', '.join(SIR_GRADES)}.",
        )
    )


def _payers() -> str:
    parts = ["What a payer asks for is kept apart from what the clinic offers."]
    for policy in policies():
        old = ", archived" if policy.archived else ""
        since = f", in force from {policy.effective}" if policy.effective else ""
        head = f"### {policy.payer}: {policy.policy}{old}\n\n`{policy.id}`{since}. {policy.source}."
        rows = (
            (p.says, f"`{p.fact} {p.op} {p.value}`", _where(p), ", ".join(p.unless))
            for p in policy.predicates
        )
        parts.append(f"{head}\n\n{_table(('Asks', 'Fact', 'Where', 'Unless'), rows)}")
    return "\n\n".join(parts)


def _where(predicate: Predicate) -> str:
    """Return on what a payer's predicate is asked, and on what while nothing is planned."""
    before = f"; unplanned, {predicate.before}" if predicate.before else ""
    return f"{predicate.when}{before}"


def _codes() -> str:
    head = ("Code", "Our label", "From")
    return "\n\n".join(
        (
            "Suggestions alone; a coder confirms each. CPT numbers are the AMA's, the labels ours.",
            _table(head, map(_code, ICD10CM)),
            _table(head, map(_code, CPT)),
        )
    )


def _code(row: CodeRow) -> tuple[str, str, str]:
    return row.code, row.label, row.since.isoformat()


def _patient_words() -> str:
    return (
        f"{len(plainenglish.PHRASES)} phrases, in English (Flesch–Kincaid at most 6.0 over the "
        "whole, 8.0 in a sentence) and in Spanish (Fernández-Huerta at least 70). They stand in "
        "`plainenglish.py` and `plainspanish.py`."
    )


if __name__ == "__main__":
    sys.stdout.write(rules_page())
