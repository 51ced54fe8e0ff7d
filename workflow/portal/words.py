"""Say what stands around a patient's papers, in English and in Spanish."""

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "skip": "Skip to the content",
        "title": "Open your papers",
        "ask": "Type your date of birth to go on.",
        "born": "Date of birth",
        "hint": "For example, 27 3 1961",
        "day": "Day",
        "month": "Month",
        "year": "Year",
        "open": "Open",
        "wrong": (
            "That did not open anything. The link may be over, or the date is not the one we "
            "have. Check the date, or call us."
        ),
        "unreadable": "This is not a date we can read. Type the day, the month and the year.",
        "closed_title": "This page is closed",
        "closed": "It closes after 15 minutes. Open your link again to go on.",
        "closed_by_you": (
            "Nobody reads your papers on this phone now. Open your link again to go on."
        ),
        "jump": "On this page",
        "call": "Call us:",
        "papers": "Your papers",
        "pdf": "Open the PDF",
        "close": "Close this page",
        "questions": "Questions? Call",
        "replaced": "This page was changed on {day}. It takes the place of an older one.",
        "other": "Español",
        "kind_patient": "Your result",
        "kind_scan": "Wellness Ultrasound report",
        "kind_plan": "Your treatment plan",
        "plan_again": "Your doctor looks at your plan again. Call us before you go by it.",
        "none": "There is no paper here yet. Call us.",
        "issued": "from {day}",
        "signed": "Signed by {name}.",
        "map": "Your legs",
        "found": "What we found",
        "means": "What it means",
        "choices": "What can be done",
        "decided": "What was decided",
        "next": "What happens next",
        "call_now": "When to call at once",
        "words": "Words on this page",
    },
    "es": {
        "skip": "Ir al contenido",
        "title": "Abra sus documentos",
        "ask": "Escriba su fecha de nacimiento para seguir.",
        "born": "Fecha de nacimiento",
        "hint": "Por ejemplo, 27 3 1961",
        "day": "Día",
        "month": "Mes",
        "year": "Año",
        "open": "Abrir",
        "wrong": (
            "No se abrió nada. Tal vez el enlace ya no vale, o la fecha no es la que tenemos. "
            "Mire la fecha, o llámenos."
        ),
        "unreadable": "No entendemos esta fecha. Escriba el día, el mes y el año.",
        "closed_title": "Esta página está cerrada",
        "closed": "Se cierra a los 15 minutos. Abra otra vez su enlace para seguir.",
        "closed_by_you": (
            "Ahora nadie lee sus documentos en este teléfono. Abra otra vez su enlace para seguir."
        ),
        "jump": "En esta página",
        "call": "Llámenos:",
        "papers": "Sus documentos",
        "pdf": "Abrir el PDF",
        "close": "Cerrar esta página",
        "questions": "¿Preguntas? Llame al",
        "replaced": "Esta página cambió el {day}. Toma el lugar de una anterior.",
        "other": "English",
        "kind_patient": "Su resultado",
        "kind_scan": "Informe de la ecografía",
        "kind_plan": "Su plan de tratamiento",
        "plan_again": "Su médico mira otra vez su plan. Llame antes de seguirlo.",
        "none": "Aquí no hay todavía ningún documento. Llámenos.",
        "issued": "del {day}",
        "signed": "Firmado por {name}.",
        "map": "Sus piernas",
        "found": "Qué vimos",
        "means": "Qué significa",
        "choices": "Qué se puede hacer",
        "decided": "Qué se decidió",
        "next": "Qué sigue ahora",
        "call_now": "Cuándo llamar enseguida",
        "words": "Palabras de esta página",
    },
}
