"""The bench compares like with like: what its engines set is what our report says."""

from bench.peers import platypus_twin
from bench.peers.content import Cells, Prose, content
from bench.peers.markup import as_html, as_typst
from bench.rules import sixty_sites
from reports import scan
from tests.reports.pdf import words
from workflow.domain.case import read
from workflow.domain.legmap import Drawing
from workflow.domain.sample import sample

REPORT = sample(read(sixty_sites())).scan
CONTENT = content(REPORT)


def test_every_cell_and_every_sentence_of_the_yardstick_is_in_our_report() -> None:
    ours = words(scan.build(REPORT))
    for block in CONTENT.blocks:
        match block:
            case Prose():
                assert block.words in ours
            case Cells():
                assert all(cell in ours for row in block.rows for cell in row)
            case _:
                continue


def test_the_yardstick_draws_sixty_veins_and_sets_as_many_cells_as_it_says() -> None:
    (drawing,) = [block for block in CONTENT.blocks if isinstance(block, Drawing)]
    assert len(drawing.strokes) == 60
    assert CONTENT.cells == 400


def test_platypus_sets_the_same_words() -> None:
    platypus_twin.load()
    theirs = words(platypus_twin.build(CONTENT))
    said = [block.words for block in CONTENT.blocks if isinstance(block, Prose)]
    assert said
    assert all(each in theirs for each in said)


def test_the_other_engines_are_given_every_sentence() -> None:
    html, typst = as_html(CONTENT, "/fonts"), as_typst(CONTENT)
    for block in CONTENT.blocks:
        if isinstance(block, Prose):
            assert block.words in html
            assert block.words in typst
