"""Name the columns a twin shows, so that both twins show the same."""

EPISODE = ("id", "title", "stage", "created_at", "referred_by")
STEP = ("at", "label", "note")
FINDING = (
    "leg", "segment", "repeat", "reflux_ms", "diameter_mm", "compressibility", "thrombus", "detail",
)  # fmt: skip
CARD = ("id", "stage", "since", "critical")

CHART = """<!doctype html><html lang="en"><head><title>Chart</title></head><body>
<header><b>{{ patient.name }}</b> {{ patient.born }} {{ patient.record_number }}</header>
<ul>{% for episode in episodes %}<li>{{ episode.title }}, {{ episode.stage }}</li>{% endfor %}</ul>
<ol>{% for step in steps %}<li><time>{{ step.at }}</time> {{ step.label }} {{ step.note }}
</li>{% endfor %}</ol>
<table><thead><tr><th>Site</th><th>Leg</th><th>Reflux</th><th>Width</th><th>Compresses</th>
<th>Clot</th><th>Further</th></tr></thead><tbody>
{% for row in findings %}<tr><th scope="row">{{ row.segment }} ({{ row.repeat }})</th>
<td>{{ row.leg }}</td><td class="number">{{ row.reflux_ms }}</td>
<td class="number">{{ row.diameter_mm }}</td><td>{{ row.compressibility }}</td>
<td>{{ row.thrombus }}</td><td>{{ row.detail }}</td></tr>{% endfor %}
</tbody></table></body></html>"""

BOARD = """<!doctype html><html lang="en"><head><title>Board</title></head><body>
{% for stage, cards in columns %}<section><h2>{{ stage }}</h2><ol>
{% for card in cards %}<li><a class="ticket" href="/episodes/{{ card.id }}">
{% if card.critical %}<span class="band">Critical finding</span>{% endif %}
<span class="name"><bdi>{{ card.patient.name }}</bdi></span>
<span class="who">{{ card.patient.born }}</span><span class="ageing">{{ card.since }}</span>
</a></li>{% endfor %}</ol></section>{% endfor %}</body></html>"""
