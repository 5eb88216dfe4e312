"""The bar of messages, closed and answered with the mouse."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from explorer.message_bar import MessageBar
from tests.explorer.driving import LEFT, child


@pytest.fixture
def bar(qtbot: QtBot) -> Iterator[MessageBar]:
    window = QWidget()
    qtbot.addWidget(window)
    bar = MessageBar(window)
    window.resize(600, 80)
    bar.resize(600, 60)
    window.show()
    yield bar
    window.close()


def answer(qtbot: QtBot, bar: MessageBar) -> None:
    qtbot.mouseClick(child(bar, "message-answer", QPushButton), LEFT)


def close(qtbot: QtBot, bar: MessageBar) -> None:
    qtbot.mouseClick(child(bar, "message-close", QToolButton), LEFT)


def test_a_sentence_stays_until_it_is_closed(qtbot: QtBot, bar: MessageBar) -> None:
    assert bar.isHidden()
    assert bar.text == ""
    bar.tell("First <b>.")
    bar.tell("Second.", is_error=True)
    assert bar.isVisible()
    assert bar.text == "Second."
    assert child(bar, "message-answer", QPushButton).isHidden()
    close(qtbot, bar)
    assert bar.isHidden()
    assert bar.text == ""


def test_an_answer_is_given_once(qtbot: QtBot, bar: MessageBar) -> None:
    told: list[str] = []
    bar.ask("Download?", "Yes", lambda: told.append("yes"), lambda: told.append("no"))
    assert child(bar, "message-answer", QPushButton).text() == "Yes"
    assert child(bar, "message-answer", QPushButton).accessibleName() == "Yes"
    answer(qtbot, bar)
    assert told == ["yes"]
    assert bar.isHidden()
    bar.tell("Other.")
    close(qtbot, bar)
    assert told == ["yes"]


def test_closing_a_question_declines_it(qtbot: QtBot, bar: MessageBar) -> None:
    told: list[str] = []
    bar.ask("Download?", "Yes", lambda: told.append("yes"), lambda: told.append("no"))
    close(qtbot, bar)
    assert told == ["no"]
    assert bar.isHidden()


def test_a_question_comes_back_after_a_sentence(qtbot: QtBot, bar: MessageBar) -> None:
    told: list[str] = []
    bar.ask("Download?", "Yes", lambda: told.append("yes"))
    bar.tell("A file is broken.", is_error=True)
    assert bar.text == "A file is broken."
    assert child(bar, "message-answer", QPushButton).isHidden()
    close(qtbot, bar)
    assert bar.text == "Download?"
    answer(qtbot, bar)
    assert told == ["yes"]


def test_a_question_that_is_replaced_is_declined(qtbot: QtBot, bar: MessageBar) -> None:
    told: list[str] = []
    bar.ask("First?", "Yes", lambda: told.append("yes"), lambda: told.append("no"))
    bar.ask("Second?", "Do", lambda: told.append("done"))
    assert told == ["no"]
    assert bar.text == "Second?"
    answer(qtbot, bar)
    assert told == ["no", "done"]


def test_an_answer_may_ask_again(qtbot: QtBot, bar: MessageBar) -> None:
    bar.ask("First?", "Yes", lambda: bar.ask("Second?", "Yes", lambda: None))
    answer(qtbot, bar)
    assert bar.text == "Second?"
    assert bar.isVisible()


def test_a_question_without_meaning_is_taken_back(bar: MessageBar) -> None:
    told: list[str] = []
    bar.ask("Download?", "Yes", lambda: told.append("yes"), lambda: told.append("no"))
    bar.take_back("Something else?")
    assert bar.text == "Download?"
    bar.tell("A file is broken.")
    bar.take_back("Download?")
    assert bar.text == "A file is broken."
    bar.ask("More?", "Yes", lambda: None)
    assert told == []
