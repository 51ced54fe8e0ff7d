"""Write one card of the board.

A board holds hundreds, so a card is put together here and not in a template: it is most of what a
board costs. Names were typed by somebody and are escaped, and everything else is our words.
"""

from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from workflow.domain.pathway import Ageing

_LATE = {Ageing.FRESH: "", Ageing.AMBER: " caution", Ageing.RED: " late"}


NOT_CONFIRMED = "Told by the patient, not confirmed."


@dataclass(frozen=True, slots=True)
class Style:
    """What all cards of one board share: where they lead, and the drawn signs."""

    before_id: str
    after_id: str
    linked: bool
    critical_sign: Markup
    late_sign: Markup


def write(
    style: Style,
    episode_id: int,
    name: str,
    who: str,
    what: str,
    waits: str,
    age: Ageing,
    *,
    critical: bool,
    alarm: str,
    told: str,
    mine: bool,
) -> str:
    """Return the card as HTML: who, which leg, what is waited for, how long; a band where critical.

    `alarm` says whom a critical finding has still to reach, or who read it back. `told` are the
    warning signs a patient told and nobody has confirmed.
    """
    kind = f"ticket{' critical' if critical or told else ''}{' mine' if mine else ''}"
    place = f'id="card-{episode_id}" data-card'
    opens, closes = (
        (f'<a class="{kind}" {place} href="{style.before_id}{episode_id}{style.after_id}">', "</a>")
        if style.linked
        else (f'<div class="{kind}" {place}>', "</div>")
    )
    bands = _band(style, "Critical finding", alarm) if critical else ""
    if told:
        bands += _band(style, "Warning sign", f"{told}. {NOT_CONFIRMED}")
    sign = style.late_sign if age is not Ageing.FRESH else ""
    return (
        f'<li>{opens}{bands}<span class="name"><bdi>{escape(name)}</bdi></span>'
        f'<span class="who">{who}</span><span class="next"><span>{what}</span>'
        f'<span class="ageing{_LATE[age]}">{sign}{waits}</span></span>{closes}</li>'
    )


def _band(style: Style, title: str, said: str) -> str:
    more = f'<span class="alarm">{escape(said)}</span>' if said else ""
    return f'<span class="band">{style.critical_sign}{title}{more}</span>'
