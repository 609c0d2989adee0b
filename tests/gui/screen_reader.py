"""A client of AT-SPI, as screen readers are: run by the system's Python (python3-gi, gir1.2-atspi-2.0), not by ours.

Reads commands from standard input, one JSON list a line (name, arguments), and answers each with one JSON line.
Events are gathered all the time. No part of Annotator is imported here.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import random
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

warnings.simplefilter("ignore")  # libatspi calls half of itself deprecated
importlib.import_module("gi").require_version("Atspi", "2.0")
Atspi: Any = importlib.import_module("gi.repository.Atspi")
GLib: Any = importlib.import_module("gi.repository.GLib")

LISTENED = (
    "object:text-caret-moved",
    "object:text-selection-changed",
    "object:text-changed",
    "object:announcement",
    "object:children-changed",
    "object:property-change:accessible-name",
    "object:property-change:accessible-description",
    "object:state-changed:focused",
)
PATIENCE_S = 20
MOST_WALKED = 3_000


class Client:
    """Answers commands about the one application on the bus."""

    def __init__(self) -> None:
        self._events: list[dict[str, Any]] = []
        self._listener = Atspi.EventListener.new(self._on_event)
        for kind in LISTENED:
            self._listener.register(kind)
        self._waiting = b""
        self._article: Any = None

    def run(self) -> None:
        """Answer until standard input ends."""
        GLib.io_add_watch(sys.stdin.fileno(), GLib.IO_IN | GLib.IO_HUP, self._on_input)
        Atspi.event_main()

    def application(self) -> Any:
        """The application, as soon as it is there."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            desktop = Atspi.get_desktop(0)
            for number in range(desktop.get_child_count()):
                child = desktop.get_child_at_index(number)
                if child is not None and child.get_child_count():
                    child.set_cache_mask(Atspi.Cache.NONE)  # what is, not what libatspi remembers
                    return child
            time.sleep(0.1)
        raise LookupError("no application is on the accessibility bus")

    def article(self) -> Any:
        """The article's object."""
        if self._article is None:
            found = (one for one in walk(self.application()) if name_of(one) == "Article")
            self._article = next(one for one in found if one.get_text_iface())
        return self._article

    def do_hello(self) -> str:
        """The name of the application; returns when it can be reached."""
        return name_of(self.application())

    def do_tree(self, window: str) -> list[dict[str, Any]]:
        """Everything that is shown in the window or dialog of this name: role, name, states, interfaces."""
        return [about(one) for top in children(self.application()) if name_of(top) == window for one in shown(top)]

    def do_read(self) -> dict[str, Any]:
        """What the article says of itself, and its text with caret and selection."""
        article = self.article()
        text = article.get_text_iface()
        chosen = [text.get_selection(number) for number in range(text.get_n_selections())]
        return {
            **about(article),
            "description": article.get_description(),
            "text": text.get_text(0, -1),
            "count": text.get_character_count(),
            "caret": text.get_caret_offset(),
            "selections": [[one.start_offset, one.end_offset] for one in chosen],
        }

    def do_part(self, start: int, end: int) -> str:
        """The text between two offsets."""
        return str(self.article().get_text_iface().get_text(start, end))

    def do_at(self, offset: int, kind: str, side: str) -> list[Any]:
        """Text, start and end of a CHAR, WORD_START, LINE_START, SENTENCE_START before, at or after an offset."""
        ask = getattr(self.article().get_text_iface(), f"get_text_{side}_offset")
        found = ask(offset, getattr(Atspi.TextBoundaryType, kind))
        return [found.content, found.start_offset, found.end_offset]

    def do_where(self, start: int, end: int) -> list[int]:
        """The box around a range on the screen."""
        found = self.article().get_text_iface().get_range_extents(start, end, Atspi.CoordType.SCREEN)
        return [found.x, found.y, found.width, found.height]

    def do_offset(self, x: int, y: int) -> int:
        """The offset at a point of the screen."""
        return int(self.article().get_text_iface().get_offset_at_point(x, y, Atspi.CoordType.SCREEN))

    def do_under(self, x: int, y: int) -> str:
        """The name of what is under a point of the screen, inside the article."""
        found = self.article().get_component_iface().get_accessible_at_point(x, y, Atspi.CoordType.SCREEN)
        return name_of(found) if found else ""

    def do_spans(self) -> list[dict[str, Any]]:
        """The article's children, with their boxes on the screen."""
        return [{**about(one), "box": box_of(one)} for one in children(self.article())]

    def do_caret(self, offset: int) -> bool:
        """Ask for the caret to be put somewhere."""
        return bool(self.article().get_text_iface().set_caret_offset(offset))

    def do_select(self, start: int, end: int) -> bool:
        """Ask for a range to be selected."""
        return bool(self.article().get_text_iface().set_selection(0, start, end))

    def do_press(self, name: str) -> bool:
        """Do what a span of this name offers."""
        found = next(one for one in children(self.article()) if name_of(one) == name)
        return bool(found.get_action_iface().do_action(0))

    def do_focus(self) -> bool:
        """Ask for the focus to be in the article."""
        return bool(self.article().get_component_iface().grab_focus())

    def do_events(self) -> list[dict[str, Any]]:
        """What was told since the last time."""
        told, self._events = self._events, []
        return told

    def do_storm(self, seconds: float, seed: int) -> int:
        """Ask anything of anything for a while, as quickly as possible; how many questions were answered."""
        chance, answered, until = random.Random(seed), 0, time.monotonic() + seconds
        while time.monotonic() < until:
            with contextlib.suppress(GLib.Error):  # busy, or gone by now: that is an answer, too
                seen = list(walk(self.application()))
                for one in [*chance.sample(seen, min(40, len(seen))), *[self.article()] * 20]:
                    with contextlib.suppress(GLib.Error):
                        answered += ask_anything(one, chance)
            while GLib.MainContext.default().iteration(False):
                pass  # libatspi asks nobody again who was once too slow, until it has read its mail
        self._events.clear()
        return answered

    def _answer(self, command: Callable[..., Any], arguments: list[Any]) -> dict[str, Any]:
        """What a command finds, or why it found nothing: an object may be gone before all is asked of it."""
        try:
            return {"found": command(*arguments)}
        except (GLib.Error, LookupError, StopIteration) as fault:
            return {"fault": repr(fault)}

    def _on_event(self, event: Any) -> None:
        source = event.source
        told = {"type": event.type, "from": name_of(source) if source else "", "at": event.detail1}
        data = event.any_data
        told["what"] = data if isinstance(data, str) else name_of(data) if hasattr(data, "get_name") else ""
        self._events.append(told)

    def _on_input(self, fd: int, _condition: int) -> bool:
        read = os.read(fd, 65_536)
        if not read:
            Atspi.event_quit()
            return False
        *lines, self._waiting = (self._waiting + read).split(b"\n")
        for line in lines:
            name, *arguments = json.loads(line)
            print(json.dumps(self._answer(getattr(self, f"do_{name}"), arguments)), flush=True)
        return True


def walk(top: Any) -> Iterator[Any]:
    """An object and everything in it."""
    yield top
    for child in children(top):
        yield from walk(child)


def shown(top: Any) -> Iterator[Any]:
    """An object and everything in it, without what is hidden."""
    if top.get_state_set().contains(Atspi.StateType.SHOWING):
        yield top
        for child in children(top):
            yield from shown(child)


def children(of: Any) -> list[Any]:
    """The children that are there."""
    found = [of.get_child_at_index(number) for number in range(min(of.get_child_count(), MOST_WALKED))]
    return [one for one in found if one is not None]


def name_of(one: Any) -> str:
    """Its name; nothing when it is gone."""
    try:
        return str(one.get_name())
    except GLib.Error:
        return ""


def about(one: Any) -> dict[str, Any]:
    """Role, name, states and interfaces."""
    states = [state.value_nick for state in one.get_state_set().get_states()]
    return {"role": one.get_role_name(), "name": name_of(one), "states": states, "interfaces": one.get_interfaces()}


def box_of(one: Any) -> list[int]:
    """Its box on the screen."""
    found = one.get_component_iface().get_extents(Atspi.CoordType.SCREEN)
    return [found.x, found.y, found.width, found.height]


def ask_anything(one: Any, chance: random.Random) -> int:
    """A handful of questions, sensible or not; how many there were."""
    about(one)
    one.get_index_in_parent()
    one.get_parent()
    if component := one.get_component_iface():
        x, y = chance.randrange(-50, 1_500), chance.randrange(-50, 1_000)
        component.get_extents(Atspi.CoordType.SCREEN)
        component.get_accessible_at_point(x, y, Atspi.CoordType.SCREEN)
    text = one.get_text_iface()
    return 6 + ask_text(text, chance) if text else 4


def ask_text(text: Any, chance: random.Random) -> int:
    """Questions to a text, at offsets inside and outside of it."""
    count = text.get_character_count()
    start, end = (chance.randrange(-2, count + 5) for _ in range(2))
    side = chance.choice(("before", "at", "after"))
    kind = chance.choice(("CHAR", "WORD_START", "SENTENCE_START", "LINE_START", "WORD_END", "LINE_END"))
    getattr(text, f"get_text_{side}_offset")(start, getattr(Atspi.TextBoundaryType, kind))
    text.get_text(start, end)
    text.get_attribute_run(start, True)
    text.get_character_extents(start, Atspi.CoordType.SCREEN)
    text.get_offset_at_point(chance.randrange(1_400), chance.randrange(900), Atspi.CoordType.SCREEN)
    for number in range(text.get_n_selections()):
        text.get_selection(number)
    if chance.random() < 0.1:
        chance.choice((text.set_caret_offset, lambda at: text.set_selection(0, at, end)))(start)
    return 8


if __name__ == "__main__":
    Client().run()
