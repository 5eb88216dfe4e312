"""When live figures are due, who is measured together, and that a row changes at one blow."""

from explorer.live_rounds import LiveRounds
from explorer.metric_thread import Measured, Occasion
from explorer.rows_in_step import RowsInStep
from tests.trainers.tiny_runs import few_digits

IMAGES = few_digits()


def rounds_at(**epochs: float) -> LiveRounds:
    rounds = LiveRounds()
    for run, epoch in epochs.items():
        rounds.note_epoch(run, epoch)
    return rounds


def measured(run: str, name: str) -> Measured:
    return Measured(occasion=Occasion(run=run, epoch=1.0, images=IMAGES), name=name)


def test_a_round_follows_the_first_whole_epoch() -> None:
    rounds = rounds_at(a=0.9, b=0.9)
    assert rounds.begin("ab", at_rest=False) == ()
    rounds.note_epoch("b", 1.01)
    assert rounds.begin("ab", at_rest=False) == ("a", "b"), "one that is nearly there is measured with the other"
    assert rounds.begin("ab", at_rest=False) == (), "one round at a time"
    rounds.note_copy("a", 1.0)
    rounds.finish("a")
    rounds.finish("b")
    rounds.note_epoch("a", 1.9)
    rounds.note_epoch("b", 1.9)
    assert rounds.begin("ab", at_rest=False) == ()
    rounds.note_epoch("a", 2.0)
    assert rounds.begin("ab", at_rest=False) == ("a", "b")


def test_a_model_that_is_far_behind_waits_for_its_own_epoch() -> None:
    assert rounds_at(a=3.0, b=0.2).begin("ab", at_rest=False) == ("a",)


def test_at_rest_any_progress_is_worth_a_round() -> None:
    rounds = rounds_at(a=0.2, b=0.0)
    assert rounds.begin("ab", at_rest=True) == ("a",), "what is untrained is not measured by itself"
    rounds.finish("a")
    assert rounds.begin("ab", at_rest=True) == (), "nothing is measured twice"


def test_what_was_given_up_is_due_again_and_what_cannot_be_is_not() -> None:
    rounds = rounds_at(a=1.5)
    rounds.begin("a", at_rest=False)
    rounds.give_up("a")
    assert rounds.begin("a", at_rest=False) == ("a",)
    rounds.finish("a")
    rounds.give_up("a")
    assert rounds.begin("a", at_rest=False) == (), "it was not under way any more"
    rounds.forget("a")
    assert not rounds.knows("a")


def test_a_row_waits_for_all_models_of_its_round() -> None:
    rows = RowsInStep()
    rows.begin(("a", "b"))
    first, second = measured("a", "mmd"), measured("b", "mmd")
    assert rows.take(first, at_once=False) == ()
    assert rows.take(measured("a", "kl"), at_once=False) == ()
    assert rows.take(second, at_once=False) == (first, second)


def test_a_place_that_is_empty_is_filled_at_once() -> None:
    rows = RowsInStep()
    rows.begin(("a", "b", "c"))
    held, new, last = measured("a", "mmd"), measured("b", "mmd"), measured("c", "mmd")
    assert rows.take(held, at_once=False) == ()
    assert rows.take(new, at_once=True) == (new,)
    assert rows.take(last, at_once=False) == (held, last)


def test_who_leaves_is_waited_for_no_more() -> None:
    rows = RowsInStep()
    rows.begin(("a", "b"))
    kept = measured("a", "mmd")
    rows.take(kept, at_once=False)
    assert rows.leave("a") == (), "it is measured; the other is not"
    assert rows.leave("b") == (kept,)


def test_a_new_round_lets_out_what_was_held() -> None:
    rows = RowsInStep()
    rows.begin(("a", "b"))
    kept = measured("a", "mmd")
    rows.take(kept, at_once=False)
    assert rows.begin(("a",)) == (kept,)
    again = measured("a", "mmd")
    assert rows.take(again, at_once=False) == (again,)
