"""Write one card of the board.

A board holds hundreds, so a card is put together here and not in a template: it is most of what a
board costs. Names were typed by somebody and are escaped, and everything else is our words.
"""

from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from workflow.domain.pathway import Ageing

_LATE = {Ageing.FRESH: "", Ageing.AMBER: " caution", Ageing.RED: " late"}


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
    mine: bool,
) -> str:
    """Return the card as HTML: who, which leg, what is waited for, how long; a band where critical.

    `alarm` says whom a critical finding has still to reach, or who read it back.
    """
    kind = f"ticket{' critical' if critical else ''}{' mine' if mine else ''}"
    place = f'id="card-{episode_id}" data-card'
    opens, closes = (
        (f'<a class="{kind}" {place} href="{style.before_id}{episode_id}{style.after_id}">', "</a>")
        if style.linked
        else (f'<div class="{kind}" {place}>', "</div>")
    )
    told = f'<span class="alarm">{escape(alarm)}</span>' if alarm else ""
    band = f'<span class="band">{style.critical_sign}Critical finding{told}</span>'
    sign = style.late_sign if age is not Ageing.FRESH else ""
    return (
        f'<li>{opens}{band if critical else ""}<span class="name"><bdi>{escape(name)}</bdi></span>'
        f'<span class="who">{who}</span><span class="next"><span>{what}</span>'
        f'<span class="ageing{_LATE[age]}">{sign}{waits}</span></span>{closes}</li>'
    )
