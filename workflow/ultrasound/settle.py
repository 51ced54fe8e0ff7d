"""Keep a site's reflux and whether it was seen in agreement when either is typed."""

from collections.abc import Mapping

from workflow.ultrasound.cell import NOT_SEEN

_CONTRADICTION = (
    "A site that was not seen has no reflux time. Clear the time, or say how far it was seen."
)


def settled(
    changes: Mapping[str, str], now: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the changes with what follows from them, and the cells that contradict themselves.

    `x` as a reflux time says the site was not seen; a time says it was. Both ways round.
    """
    agreed, refused = dict(changes), {}
    for site in {name.rpartition(".")[0] for name in changes if name.endswith(_PAIR)}:
        reflux, seen = f"{site}.reflux_ms", f"{site}.visualised"
        wrong = _settle(agreed, now, reflux, seen)
        if wrong:
            refused[wrong] = _CONTRADICTION
            agreed.pop(wrong)
    return agreed, refused


_PAIR = (".reflux_ms", ".visualised")


def _settle(agreed: dict[str, str], now: Mapping[str, str], reflux: str, seen: str) -> str:
    """Bring one site's pair into agreement; return the name of the cell that cannot be."""
    time, sight = agreed.get(reflux, now.get(reflux, "")), agreed.get(seen, now.get(seen, ""))
    if (time == NOT_SEEN) == (sight == "not_seen"):
        return ""
    if reflux in agreed and seen in agreed:
        return reflux if time == NOT_SEEN else seen if time else _follow(agreed, reflux, NOT_SEEN)
    if reflux in agreed:
        return _follow(agreed, seen, "not_seen" if time == NOT_SEEN else "")
    if time in {"", NOT_SEEN}:
        return _follow(agreed, reflux, NOT_SEEN if sight == "not_seen" else "")
    return seen


def _follow(agreed: dict[str, str], name: str, text: str) -> str:
    agreed[name] = text
    return ""
