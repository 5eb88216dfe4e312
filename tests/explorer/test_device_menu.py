"""The menu of devices: grey until they are known, then a choice that is kept."""

from PySide6.QtCore import QSettings
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from explorer.device_menu import DeviceMenu
from explorer.disk import finish_writing
from trainers.device import DEVICES


def actions_of(menu: DeviceMenu) -> dict[str, QAction]:
    return {str(action.data()): action for action in menu.actions()}


def test_what_the_computer_lacks_stays_grey_and_says_so(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    menu = DeviceMenu("auto", parent)
    actions = actions_of(menu)
    assert actions.keys() == DEVICES.keys()
    assert [name for name, action in actions.items() if action.isEnabled()] == ["auto"]
    menu.offer(("cuda", "cpu"))
    assert [name for name, action in actions.items() if action.isEnabled()] == ["auto", "cuda", "cpu"]
    assert "none" in actions["mps"].toolTip()


def test_a_choice_is_told_and_kept(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    menu = DeviceMenu("auto", parent)
    menu.offer(("cpu",))
    with qtbot.waitSignal(menu.device_chosen) as chosen:
        actions_of(menu)["cpu"].trigger()
    assert chosen.args == ["cpu"]
    finish_writing()
    assert QSettings().value("device") == "cpu"
