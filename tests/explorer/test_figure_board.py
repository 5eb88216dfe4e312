"""What is known of the models becomes rows: newest figures, curves, marks where they are fair, words that say why."""

import numpy as np
import pytest

from explorer.figure_board import UNFAIR, FigureBoard
from explorer.metric_thread import ALL_IMAGES, LIVE_IMAGES, Measured, Occasion
from explorer.views.comparison_rows import Cell, CellState
from explorer.workbench import Model
from explorer.written_comparison import written_comparison
from tests.trainers.tiny_runs import few_digits
from trainers.comparison import FORMATS
from trainers.images import ImageSet
from trainers.metrics import GROUPS, METRICS
from trainers.metrics.figure import Figure
from trainers.recipe import Recipe

MODELS = tuple(
    Model(run=run, name=name, recipe=Recipe(family=family), colour=colour)
    for colour, (run, name, family) in enumerate((("a", "AE", "ae"), ("v", "VAE", "vae"), ("w", "AAE", "aae")))
)


def figure(value: float, half: float = 0.1, note: str = "") -> Figure:
    noise_R = np.random.default_rng(0).normal(size=100)
    return Figure(
        value=value,
        low=value - half,
        high=value + half,
        count=32,
        note=note,
        resamples_R=value + half / 1.96 * np.roll(noise_R, int(100 * value)),
    )


def result(
    run: str,
    value: float | None,
    *,
    epoch: float = 1.0,
    name: str = "squared-error",
    limit: int = LIVE_IMAGES,
    images: ImageSet | None = None,
    problem: str = "",
) -> Measured:
    return Measured(
        occasion=Occasion(run=run, epoch=epoch, images=images or few_digits(), limit=limit),
        name=name,
        figure=figure(value) if value is not None else None,
        problem=problem,
        held_out=min(limit, 5000),
    )


def board_with(*results: Measured) -> FigureBoard:
    board = FigureBoard()
    for measured in results:
        board.take(measured)
    return board


def cells(board: FigureBoard, name: str = "squared-error") -> tuple[Cell, ...]:
    return board.row(name, MODELS).cells


def test_every_metric_has_a_row_under_the_heading_of_its_group() -> None:
    rows = FigureBoard().rows(MODELS)
    assert [row.name for row in rows if row.is_heading] == list(GROUPS)
    assert [row.name for row in rows if not row.is_heading] == list(METRICS)
    for row in rows:
        if not row.is_heading:
            assert METRICS[row.name].title in row.tip, "the meaning is told"
            assert {"higher": "↑", "lower": "↓", "near 1": "→ 1", "": ""}[METRICS[row.name].better] == row.direction
            assert "better" in row.tip
            assert all(cell.state is CellState.EMPTY and "Not measured" in cell.tip for cell in row.cells)


def test_the_best_is_marked_beyond_chance_alone() -> None:
    clear = cells(board_with(result("a", 1.0), result("v", 3.0), result("w", 5.0)))
    assert [cell.is_best for cell in clear] == [True, False, False]
    assert clear[0].tip.count("Better than every other model")
    close = cells(board_with(result("a", 1.0), result("v", 1.02), result("w", 5.0)))
    assert not any(cell.is_best for cell in close)
    assert [cell.is_leading for cell in close] == [True, True, False]


def test_a_metric_without_a_better_has_no_mark() -> None:
    rows = cells(board_with(result("a", 1.0, name="kl"), result("v", 5.0, name="kl")), "kl")
    assert not any(cell.is_best or cell.is_leading or cell.standing is not None for cell in rows)


@pytest.mark.parametrize(
    "other",
    [
        result("v", 3.0, limit=ALL_IMAGES),
        result("v", 3.0, images=few_digits(48)),
        result("v", 3.0, epoch=4.0),
    ],
    ids=["other number of images", "other images", "other moment"],
)
def test_figures_of_different_occasions_are_not_compared(other: Measured) -> None:
    board = board_with(result("a", 1.0), other)
    board.note_epoch("a", 4.0)
    board.note_epoch("v", 4.0)
    found = cells(board)
    assert not any(cell.is_best or cell.is_leading or cell.standing is not None for cell in found)
    assert UNFAIR in found[0].tip
    assert UNFAIR in found[1].tip


def test_models_that_rest_are_compared_however_far_each_was_trained() -> None:
    board = board_with(result("a", 1.0, epoch=20.0), result("v", 3.0, epoch=5.0))
    board.note_epoch("a", 20.0)
    board.note_epoch("v", 5.0)
    assert cells(board)[0].is_best


def test_figures_of_an_earlier_epoch_are_shown_as_such() -> None:
    board = board_with(result("a", 1.0, epoch=2.0))
    assert board.note_epoch("a", 2.9)
    assert cells(board)[0].state is CellState.FRESH
    assert board.note_epoch("a", 3.5)
    assert not board.note_epoch("a", 3.6)
    stale = cells(board)[0]
    assert stale.state is CellState.STALE
    assert "at epoch 2.0; the model is at epoch 3.6 by now" in stale.tip


def test_the_newest_counts_and_of_one_moment_the_one_on_more_images() -> None:
    board = board_with(
        result("a", 1.0, epoch=1.0),
        result("a", 2.0, epoch=2.0, limit=ALL_IMAGES),
        result("a", 7.0, epoch=2.0),
        result("a", 8.0, epoch=1.5),
    )
    newest = board.newest("a", "squared-error")
    assert newest is not None
    assert newest.figure is not None
    assert newest.figure.value == 2.0
    assert board.course("a", "squared-error") == ((1.0, 1.0), (2.0, 2.0))


def test_a_long_training_keeps_a_curve_of_few_points_with_both_ends() -> None:
    board = board_with(*(result("a", float(epoch), epoch=float(epoch)) for epoch in range(1, 1001)))
    course = board.course("a", "squared-error")
    assert len(course) <= 121
    assert course[0] == (1.0, 1.0)
    assert course[-1] == (1000.0, 1000.0)
    assert list(course) == sorted(course)


def test_failures_and_what_a_model_has_not_say_why() -> None:
    board = board_with(
        result("a", None, name="kl"), result("v", 3.0, name="kl"), result("w", None, name="kl", problem="It <broke>.")
    )
    missing, there, failed = cells(board, "kl")
    assert missing.state is CellState.EMPTY
    assert "It needs a posterior; this model has none." in missing.tip
    assert there.state is CellState.FRESH
    assert there.value == "3.00"
    assert there.spread == "0.10"
    assert failed.state is CellState.FAILED
    assert "It &lt;broke&gt;." in failed.tip


def test_what_is_forgotten_is_gone() -> None:
    board = board_with(result("a", 1.0))
    assert board.has_figures(MODELS)
    board.forget("a")
    assert not board.has_figures(MODELS)
    assert board.course("a", "squared-error") == ()


def test_a_written_table_marks_what_the_window_marks_and_says_what_differs() -> None:
    board = board_with(
        result("a", 1.0, epoch=5.0),
        result("v", 3.0, epoch=5.0),
        result("w", 5.0, epoch=5.0),
        *(result(run, value, name="mmd", epoch=2.0, limit=ALL_IMAGES) for run, value in (("a", 1.0), ("v", 3.0))),
        *(result(run, value, name="round-trip", epoch=e) for run, value, e in (("a", 1.0, 2.0), ("v", 3.0, 5.0))),
    )
    for model in MODELS:
        board.note_epoch(model.run, 5.0)
    table = written_comparison(board, MODELS)
    assert table is not None
    assert table.metrics == ("squared-error", "round-trip", "mmd")
    assert table.standings("squared-error") == ("best", "", "")
    assert table.standings("mmd") == ("best", "", ""), "both are of one moment"
    assert table.standings("round-trip") == ("", "", ""), "they are not, and the window marks none"
    text = FORMATS["markdown"].load()(table)
    assert "On 5,000 held-out images" in text
    assert "On 1,000 of these images: MSE, Round trip." in text
    assert "MMD² to prior: epoch 2.0" in text
    assert "Round trip: epoch 2.0 to 5.0" in text
    assert "Not compared, being of different moments or on other images: Round trip." in text
    assert "| MSE ↓, per pixel | **1.00 ± 0.10** | 3.00 ± 0.10 | 5.00 ± 0.10 |" in text


def test_there_is_no_table_of_nothing() -> None:
    assert written_comparison(board_with(result("a", None, problem="No.")), MODELS) is None
