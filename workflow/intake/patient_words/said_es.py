"""What the tablet says around its questions, in Spanish."""

SAID: dict[str, str] = {
    "title": "Sus preguntas",
    "hello": "Hola, {name}",
    "you": "¿Es usted? Si no, devuelva la tableta.",
    "born": "Fecha de nacimiento: {day}",
    "start": (
        "Le preguntamos por sus piernas y su salud, una pregunta a la vez. "
        "Tómese su tiempo. Cada respuesta se guarda al tocar Siguiente."
    ),
    "unsure": "Puede saltarse cualquier pregunta. Después repasaremos juntos sus respuestas.",
    "begin": "Empezar",
    "go_on": "Seguir donde me quedé",
    "progress": "Pregunta {at} de {all}",
    "next": "Siguiente",
    "back": "Atrás",
    "skip": "Saltar",
    "unknown": "No sé",
    "yes": "Sí",
    "no": "No",
    "own": "¿Algo más? Escríbalo aquí, uno en cada línea.",
    "own_only": "Escriba aquí, uno en cada línea.",
    "more": "Añadir otro",
    "first": "Número {n}",
    "error": "Error: ",
    "other": "English",
    "choose": "Elija una respuesta. Si prefiere no contestar, toque Saltar.",
    "type": "Escriba una respuesta. Si prefiere no contestar, toque Saltar.",
    "bad_choice": "Elija una de las respuestas de esta página.",
    "bad_number": "Escriba un número de {low} a {high}.",
    "bad_height": "No entendemos esta estatura. Escríbala así: 165 cm, o 5 ft 5.",
    "bad_weight": "No entendemos este peso. Escríbalo así: 154 lb, o 70 kg.",
    "bad_date": "No entendemos esta fecha. Escríbala así: 2019, mar 2019, o 5 mar 2019.",
    "bad_day": "Necesitamos el día, el mes y el año. Escríbalo así: 19 ene 2026.",
    "bad_none": "Marcó «{none}» y algo más. Deje uno u otro.",
    "bad_text": "El texto es muy largo o tiene signos que no podemos leer. Acórtelo, por favor.",
    "urgent_title": "Avísenos ahora, por favor",
    "urgent": (
        "Muestre esta pantalla ahora a alguien de la recepción, antes de seguir. "
        "Queremos ver esto enseguida."
    ),
    "urgent_said": "Usted dijo:",
    "urgent_on": "Ya avisé. Seguir",
    "done_title": "Gracias. Devuelva la tableta",
    "done": "Sus respuestas están guardadas. Entregue la tableta en la recepción.",
    "done_left": "Se saltó {n}. Está bien: le preguntaremos después.",
    "check": "Ver otra vez mis respuestas",
    "answers": "Sus respuestas",
    "change": "Cambiar",
    "no_answer": "Saltada",
    "over_title": "Devuelva la tableta",
    "over": (
        "Esta parte está cerrada. Sus respuestas están guardadas. "
        "Entregue la tableta en la recepción."
    ),
}
