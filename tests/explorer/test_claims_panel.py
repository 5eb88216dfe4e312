"""What is said of the models is held against the open ones, in a panel of cards."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from explorer.app import Explorer
from explorer.claim_wording import age_of, summary_of
from explorer.claims_job import CheckedClaim, CheckedModel, ClaimsJob, Moment
from explorer.claims_panel import ClaimsPanel
from explorer.theme import DARK, LIGHT, Look, Theme
from explorer.views.claim_card import ClaimCard, ClaimText, Finding
from explorer.views.claims_view import AROUND_PICTURE, LEAST_PICTURE, ClaimsView
from explorer.views.wide_picture import WidePicture
from explorer.workbench import Model
from tests.explorer.conftest import OpenExplorer
from tests.explorer.driving import LEFT, SHIFT, action, child, dress, focus, play_some, press, save, until, words
from trainers.claims import CLAIMS
from trainers.claims.checking import check_claims
from trainers.claims.verdict import DecidingFigure, Verdict
from trainers.claims.wording import deciding_words
from trainers.comparison.contender import Contender
from trainers.comparison.number_text import figure_text
from trainers.errors import Cancelled
from trainers.frozen_model import FrozenModel
from trainers.metrics.evidence import Evidence
from trainers.metrics.figure import Figure
from trainers.recipe import Recipe
from trainers.run import TrainingRun

NAMES = tuple(CLAIMS)
RUN = CheckedModel(run="run-1", label="AE", epoch=2.0)
MOMENT = Moment(models=(RUN, CheckedModel(run="run-2", label="VAE", epoch=2.0)), dataset="digits")


@pytest.fixture
def two(open_explorer: OpenExplorer) -> Explorer:
    """An AE and a VAE on digits, without the map."""
    explorer = open_explorer(Recipe(family="ae", dataset="digits"), Recipe(family="vae", dataset="digits"))
    focus(explorer, 0)
    press(explorer, Qt.Key.Key_M)
    return explorer


def panel_of(explorer: Explorer) -> ClaimsPanel:
    return explorer.window.compare.claims


def card(explorer: Explorer, name: str) -> ClaimCard:
    return panel_of(explorer).view.cards[name]


def found(explorer: Explorer, name: str) -> Finding:
    finding = card(explorer, name).finding
    assert finding is not None, name
    return finding


def click_check(explorer: Explorer) -> None:
    """Bring the panel up by its key, and press its button."""
    press(explorer, Qt.Key.Key_K, SHIFT)
    assert panel_of(explorer).isVisible()
    QTest.mouseClick(child(panel_of(explorer), "claims-bar-check_claims", QToolButton), LEFT)
    assert panel_of(explorer).bar.is_working


def check(qtbot: QtBot, explorer: Explorer) -> None:
    click_check(explorer)
    until(qtbot, lambda: not panel_of(explorer).bar.is_working)


def test_every_claim_gets_a_card_before_anything_is_checked(two: Explorer) -> None:
    press(two, Qt.Key.Key_K, SHIFT)
    assert tuple(panel_of(two).view.cards) == NAMES
    for name, claim in CLAIMS.items():
        at = card(two, name)
        assert words(at, "title") == claim.title
        assert claim.statement in words(at, "said")
        assert claim.source in words(at, "said")
        assert words(at, "found").startswith("Not checked yet.")
        assert child(at, "ruling", QLabel).isHidden()
        assert child(at, "all-figures", QToolButton).isHidden()
    assert two.window.focusWidget() is panel_of(two).view, "arrows scroll"


def test_verdicts_are_those_of_the_command_line(qtbot: QtBot, two: Explorer, tmp_path: Path) -> None:
    play_some(qtbot, two, 3)
    check(qtbot, two)
    contenders = tuple(
        Contender(label=lane.model.name, evidences=(Evidence.of_run(save(qtbot, two, lane, tmp_path / "model")),))
        for lane in two.window.row.lanes
    )
    for name, verdict in check_claims(contenders, ("ae-range", "vae-noise", "aae-fills-prior")).items():
        finding, at = found(two, name), card(two, name)
        assert finding.ruling == verdict.ruling
        assert finding.sentence == verdict.sentence == words(at, "found")
        if verdict.picture_HW3 is not None:
            seen = at.picture.pixels()
            assert seen is not None
            assert seen.shape == verdict.picture_HW3.shape
            assert (seen != verdict.picture_HW3).mean() < 1e-3, "but for rounding in other threads"
            sign = {"holds": "✓", "fails": "✗", "undecided": "?"}[verdict.ruling]
            assert words(at, "ruling") == f"{sign} {verdict.words}"
            for entry in verdict.figures:
                assert (f"{figure_text(entry.figure)} ({entry.model})" in words(at, "deciding")) == bool(entry.line)
    basis = words(card(two, "ae-range"), "basis")
    assert basis == "Open: AE and VAE at epoch 0.3, on 359 held-out images of Digits."
    assert panel_of(two).bar.text.startswith("Here ")
    assert all(card(two, name).finding is not None for name in NAMES)


def test_a_family_that_is_not_open_is_named(qtbot: QtBot, two: Explorer) -> None:
    check(qtbot, two)
    assert found(two, "aae-fills-prior").ruling == "untested"
    assert words(card(two, "aae-fills-prior"), "found") == "To see, open an AAE."
    assert words(card(two, "aae-fills-prior"), "ruling") == "– not tested"
    assert card(two, "aae-fills-prior").picture.isHidden()
    assert found(two, "ae-range").ruling != "untested"
    assert "need other models" in panel_of(two).bar.text


def test_all_figures_unfold(qtbot: QtBot, two: Explorer) -> None:
    check(qtbot, two)
    at = card(two, "ae-range")
    figures = child(at, "figures", QLabel)
    assert figures.isHidden()
    QTest.mouseClick(child(at, "all-figures", QToolButton), LEFT)
    assert not figures.isHidden()
    for model, name, figure, _ in found(two, "ae-range").figures:
        assert model in figures.text()
        assert name in figures.text()
        assert figure in figures.text()


def test_models_that_learn_on_make_cards_old(qtbot: QtBot, two: Explorer) -> None:
    check(qtbot, two)
    at = card(two, "vae-noise")
    assert child(at, "age", QLabel).isHidden()
    assert "before any training" in words(at, "basis")
    play_some(qtbot, two)
    until(qtbot, lambda: words(at, "age") == "Of an earlier moment: AE and VAE have learned on since.")
    assert not child(at, "age", QLabel).isHidden()
    two.bench.remove(two.bench.models[0].run)
    assert words(at, "age") == "Of an earlier moment: VAE has learned on since; AE has been closed since."
    two.bench.undo_stack.undo()
    check(qtbot, two)
    assert child(at, "age", QLabel).isHidden(), "of now again"


def test_cancel_keeps_what_is_checked(qtbot: QtBot, two: Explorer) -> None:
    click_check(two)
    until(qtbot, lambda: card(two, NAMES[0]).finding is not None)
    QTest.mouseClick(child(panel_of(two), "claims-cancel", QToolButton), LEFT)
    assert not panel_of(two).bar.is_working
    assert panel_of(two).bar.text == "Cancelled."
    assert action(two, "check_claims").isEnabled()
    kept = found(two, NAMES[0])
    assert card(two, NAMES[-1]).finding is None
    check(qtbot, two)
    assert card(two, NAMES[-1]).finding is not None
    assert found(two, NAMES[0]) is not kept


def test_cancel_of_one_panel_leaves_the_other(qtbot: QtBot, two: Explorer) -> None:
    click_check(two)
    press(two, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    two.window.compare.comparison.cancel()
    until(qtbot, lambda: not panel_of(two).bar.is_working)
    assert card(two, NAMES[-1]).finding is not None


def test_other_images_are_left_out_and_named(qtbot: QtBot, open_explorer: OpenExplorer) -> None:
    explorer = open_explorer(
        Recipe(family="ae", dataset="digits", image_size=12),
        Recipe(family="ae", dataset="digits"),
        Recipe(family="vae", dataset="digits"),
    )
    check(qtbot, explorer)
    first, second, third = (model.name for model in explorer.bench.models)
    basis = words(card(explorer, "ae-range"), "basis")
    assert basis.startswith(f"Open: {second} and {third} ")
    assert f"{first} has other images, and was left out." in basis
    assert child(card(explorer, "ae-range"), "age", QLabel).isHidden(), "it was open then"


def test_an_empty_bench_has_nothing_to_check(two: Explorer) -> None:
    for model in two.bench.models:
        two.bench.remove(model.run)
    assert not action(two, "check_claims").isEnabled()
    two.bench.undo_stack.undo()
    assert action(two, "check_claims").isEnabled()


def test_cards_follow_the_look(qtbot: QtBot, two: Explorer, qapp: QApplication) -> None:
    check(qtbot, two)
    at = child(card(two, "ae-range"), "ruling", QLabel)
    ruling = found(two, "ae-range").ruling
    looks: tuple[tuple[Theme, Look], ...] = (("light", LIGHT), ("dark", DARK))
    for theme, look in looks:
        dress(qtbot, qapp, theme)
        colour = {"holds": look.good, "fails": look.error, "undecided": look.warning}[str(ruling)]
        assert at.palette().windowText().color().name() == colour


def test_the_picture_stands_where_there_is_room(qtbot: QtBot) -> None:
    claim = ClaimText(name="one", title="Title", statement="Said. " * 20, source="Somebody", measure="Measured.")
    view = ClaimsView((claim,))
    qtbot.addWidget(view)
    view.resize(1000, 600)
    view.show()
    picture_HW3 = np.zeros((280, 700, 3), np.uint8)
    view.show_finding("one", Finding(ruling="holds", words="holds here", sentence="So. " * 40, picture_HW3=picture_HW3))
    at, picture = view.cards["one"], view.cards["one"].picture
    said, sentence = child(at, "said", QLabel), child(at, "found", QLabel)

    def is_whole() -> bool:
        return (
            picture.height() >= picture.picture_place().height() > 100
            and at.rect().contains(picture.geometry())
            and all(label.height() >= label.heightForWidth(label.width()) for label in (said, sentence))
        )

    for width, beside in ((1000, True), (500, False), (900, True)):
        view.resize(width, 600)
        until(qtbot, lambda beside=beside: is_whole() and (picture.x() > said.geometry().right()) == beside)
        assert (picture.y() > sentence.geometry().bottom()) != beside
    tall_HW3 = np.zeros((400, 400, 3), np.uint8)
    view.show_finding("one", Finding(ruling="fails", words="does not hold here", sentence="", picture_HW3=tall_HW3))
    view.resize(1000, 300)
    until(qtbot, lambda: is_whole() and picture.picture_place().height() == 300 - AROUND_PICTURE)
    view.resize(1000, 120)
    until(qtbot, lambda: is_whole() and picture.picture_place().height() == LEAST_PICTURE)


def test_a_picture_is_crisp_and_can_be_copied(qtbot: QtBot) -> None:
    pixels_HW3 = np.random.default_rng(0).integers(0, 256, (40, 300, 3), dtype=np.uint8)
    view = WidePicture()
    qtbot.addWidget(view)
    view.show_picture(pixels_HW3)
    view.resize(300, 40)
    drawn = view.grab().toImage()
    for row, column in ((20, 150), (11, 290), (30, 10)):
        seen = drawn.pixelColor(column, row)
        assert [seen.red(), seen.green(), seen.blue()] == pixels_HW3[row, column].tolist()
    assert view.heightForWidth(150) == 20
    assert view.heightForWidth(600) == 40, "never larger than it is"
    view.limit_height(20)
    assert view.heightForWidth(600) == 20
    assert view.maximumWidth() == 200, "no room for nothing"
    assert view.picture_place().width() == 150
    place = QPoint(20, 20)
    QApplication.sendEvent(view, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, view.mapToGlobal(place)))
    menu = child(view, "picture_menu", QMenu)
    until(qtbot, menu.isVisible)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    until(qtbot, lambda: QGuiApplication.clipboard().image().size().toTuple() == (300, 40))


def test_an_error_becomes_a_sentence_in_the_card(two: Explorer) -> None:
    view = panel_of(two).view
    view.show_finding("ae-range", Finding(ruling=None, words="could not be checked", sentence="It broke."))
    at = card(two, "ae-range")
    assert words(at, "found") == "It broke."
    assert child(at, "found", QLabel).property("role") == "error"
    assert child(at, "ruling", QLabel).isHidden()


def job_on(run: TrainingRun, checked: list[CheckedClaim], names: tuple[str, ...]) -> ClaimsJob:
    return ClaimsJob(
        moment=Moment(models=(RUN,), dataset="digits"),
        copies=(FrozenModel(run.model),),
        images=run.images,
        names=names,
        begun=lambda _: None,
        checked=checked.append,
    )


def test_a_job_goes_on_after_an_error_and_ends_when_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    run = TrainingRun(Recipe(family="ae", dataset="digits"))
    broken = CLAIMS["ae-range"]
    listing = type(broken)(
        label="", title="", summary="", statement="", source="", target="tests.explorer.test_claims_panel:break_down"
    )
    monkeypatch.setitem(CLAIMS, "ae-range", listing)
    checked: list[CheckedClaim] = []
    job_on(run, checked, ("ae-range", "aae-fills-prior")).work(lambda: None)
    assert checked[0].verdict is None
    assert checked[0].problem == "This could not be checked (ZeroDivisionError: no)."
    assert checked[1].verdict is not None
    assert checked[1].verdict.ruling == "untested"

    def stop() -> None:
        raise Cancelled("No more.")

    with pytest.raises(Cancelled):
        job_on(run, checked, ("aae-fills-prior",)).work(stop)
    assert len(checked) == 2


def break_down(_contenders: object) -> Verdict:
    """Stands for a claim with a fault."""
    raise ZeroDivisionError("no")


def model(run: str, name: str) -> Model:
    return Model(run=run, name=name, recipe=Recipe(), colour=0)


def test_words_of_what_has_changed() -> None:
    both = (model("run-1", "AE"), model("run-2", "VAE"))
    assert age_of(MOMENT, both, {"run-1": 2.0, "run-2": 2.0}) == ""
    assert age_of(MOMENT, both, {"run-1": 3.0}) == "Of an earlier moment: AE has learned on since."
    anew = (model("run-9", "AE"), model("run-2", "VAE"), model("run-4", "AAE"))
    assert age_of(MOMENT, anew, {}) == ("Of an earlier moment: AE has begun anew since; AAE has been opened since.")
    aside = Moment(models=MOMENT.models, dataset="digits", bystanders=frozenset({"run-4"}))
    assert age_of(aside, (*both, model("run-4", "AAE")), {}) == ""


def test_words_of_how_many_hold() -> None:
    rulings = ("holds", "holds", "fails", "untested")
    checked = [CheckedClaim(name="", moment=MOMENT, verdict=Verdict(ruling=r, sentence="")) for r in rulings]
    assert summary_of(checked) == "Here 2 hold, 1 does not hold and 1 needs other models."
    assert summary_of([]) == ""


def test_deciding_figures_share_a_sentence_with_their_line() -> None:
    def entry(model: str, value: float, line: str) -> DecidingFigure:
        figure = Figure(value=value, low=value - 0.2, high=value + 0.2, count=100)
        return DecidingFigure(model=model, name="reach", figure=figure, line=line)

    verdict = Verdict(
        ruling="holds",
        sentence="",
        figures=(
            entry("AE", 3, "above 2"),
            entry("AE 2", 4, "above 2"),
            entry("VAE", 1, ""),
            entry("A", 5, "lower is better"),
        ),
    )
    assert (
        deciding_words(verdict)
        == "Reach: 3.0 ± 0.2 (AE), 4.0 ± 0.2 (AE 2); holds above 2. Reach: 5.0 ± 0.2 (A); lower is better."
    )
