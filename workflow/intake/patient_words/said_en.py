"""What the tablet says around its questions, in English."""

SAID: dict[str, str] = {
    "title": "Your questions",
    "hello": "Hello, {name}",
    "you": "Is this you? If not, hand the tablet back.",
    "born": "Born {day}",
    "start": (
        "We ask about your legs and your health, one question at a time. "
        "Take your time. Each answer is saved when you press Next."
    ),
    "unsure": "You can skip any question. We will go over your answers together.",
    "begin": "Begin",
    "go_on": "Go on where I stopped",
    "progress": "Question {at} of {all}",
    "next": "Next",
    "back": "Back",
    "skip": "Skip",
    "unknown": "I don’t know",
    "yes": "Yes",
    "no": "No",
    "own": "Anything else? Type it here, one on each line.",
    "own_only": "Type here, one on each line.",
    "more": "Add one more",
    "first": "Number {n}",
    "error": "Error: ",
    "other": "Español",
    "choose": "Choose an answer. If you would rather not say, press Skip.",
    "type": "Type an answer. If you would rather not say, press Skip.",
    "bad_choice": "Choose one of the answers on this page.",
    "bad_number": "Type a number from {low} to {high}.",
    "bad_height": "We cannot read this height. Type it like 5 ft 5, or 165 cm.",
    "bad_weight": "We cannot read this weight. Type it like 154 lb, or 70 kg.",
    "bad_date": "We cannot read this date. Type it like 2019, Mar 2019, or 5 Mar 2019.",
    "bad_day": "We need the day, the month and the year. Type it like 19 Jan 2026.",
    "bad_none": "You chose “{none}” and something else. Keep one or the other.",
    "bad_text": "This text is too long, or has signs we cannot read. Please make it shorter.",
    "urgent_title": "Please tell us now",
    "urgent": (
        "Show this screen to someone at the desk now, before you go on. "
        "We want to look at this right away."
    ),
    "urgent_said": "You said:",
    "urgent_on": "I have told them. Go on",
    "done_title": "Thank you. Hand the tablet back",
    "done": "Your answers are saved. Give the tablet to the person at the desk.",
    "done_left": "You skipped {n}. That is fine: we will ask you about it.",
    "check": "Look at my answers again",
    "answers": "Your answers",
    "change": "Change",
    "no_answer": "Skipped",
    "over_title": "Hand the tablet back",
    "over": "This part is closed. Your answers are saved. Give the tablet to the desk.",
}
