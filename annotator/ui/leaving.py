"""Leaving while something is not on the disk: try again, put it aside, or stay. Never lose it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMessageBox, QWidget

from annotator.ui.tasks import Tasks
from annotator.workflows.annotate import AnnotationSession
from annotator.workflows.rescue import RescueFailed, rescue_folders, write_rescue
from annotator.workflows.saving import NotSaved, Saver

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

FLUSH_S = 8.0
STOP_S = 15.0


def may_leave(parent: QWidget, saver: Saver, location: str) -> bool:
    """Whether everything is on the disk, or in a rescue file."""
    while not saver.flush(FLUSH_S):
        match _ask(parent, len(saver.waiting())):
            case "retry":
                saver.retry()
            case "aside":
                if put_aside(parent, saver, location):
                    return True
            case _:
                return False
    return True


def put_aside(parent: QWidget, saver: Saver, location: str) -> bool:
    """Write what is waiting into a rescue file; false when not even that works."""
    try:
        path = write_rescue(location, saver.waiting(), rescue_folders())
    except RescueFailed as fault:
        QMessageBox.critical(parent, "Annotator", str(fault))
        return False
    saver.give_up()
    QMessageBox.information(parent, "Annotator", f"The edits are in {path}. Opening the project takes them back.")
    return True


def retry(window: MainWindow, session: AnnotationSession, location: str) -> None:
    """Try again to save. After another window changed the same labels that cannot help: keep these edits in a file
    and show what is there now.
    """
    state, key = session.saver.state, session.key
    if not (isinstance(state, NotSaved) and state.is_final):
        session.saver.retry()
    elif put_aside(window, session.saver, location) and key is not None:
        session.close_document()
        window.open_document(key)


def stop_work(tasks: Tasks) -> None:
    """What still runs works on the project that is about to be closed; what it has finished is kept."""
    tasks.cancel_all()
    for task in tasks.running:
        task.wait(STOP_S)


def _ask(parent: QWidget, waiting: int) -> str:
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle("Not saved")
    box.setText("One edit is not on the disk yet." if waiting == 1 else f"{waiting} edits are not on the disk yet.")
    box.setInformativeText("Free some space or reconnect the drive and retry, or put the edits into a rescue file.")
    retry = box.addButton("Retry", QMessageBox.ButtonRole.AcceptRole)
    aside = box.addButton("Write a rescue file", QMessageBox.ButtonRole.DestructiveRole)
    box.addButton("Stay", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(retry)
    box.exec()
    clicked = box.clickedButton()
    return "retry" if clicked is retry else "aside" if clicked is aside else "stay"
