"""Say the intake's questions as a patient reads them, in English and in Spanish."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflow.intake.asked import Question
from workflow.intake.patient_words import en, es, said_en, said_es

ANSWERS_OF = {"symptoms__R": "symptoms", "symptoms__L": "symptoms"}


@dataclass(frozen=True, slots=True)
class Words:
    """Everything the tablet says in one language.

    questions: name → question and hint. answers: name → stored word → words. columns: name →
    the boxes of a row a patient is asked for, and their labels. said: all other words.
    """

    questions: Mapping[str, tuple[str, str]]
    answers: Mapping[str, Mapping[str, str]]
    columns: Mapping[str, Mapping[str, str]]
    said: Mapping[str, str]

    def answer(self, question: Question, word: str) -> str:
        """Return a listed answer in words; a number stands for itself."""
        known = self.answers.get(ANSWERS_OF.get(question.name, question.name), {})
        return known.get(word, word)


WORDS: Mapping[str, Words] = {
    "en": Words(en.QUESTIONS, en.ANSWERS, en.COLUMNS, said_en.SAID),
    "es": Words(es.QUESTIONS, es.ANSWERS, es.COLUMNS, said_es.SAID),
}
