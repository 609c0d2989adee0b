"""The ``annotator`` command: every workflow without a window, and the window.

Each command is a plain function; its help comes from its docstring and options.
"""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn, TypeVar

import click

import annotator as package
from annotator.cli_agreement import add_agreement_command
from annotator.cli_files import add_file_commands
from annotator.cli_gold import add_gold_commands, add_seeding_command
from annotator.cli_team import add_team_commands
from annotator.domain.errors import UserError
from annotator.domain.projects import Status
from annotator.terminal import DONE, FAILED, LEFT_OUT, WRONG_USAGE, Terminal
from annotator.workflows.progress import Cancelled

Command = TypeVar("Command", bound=Callable[..., Any])

QT_REMEDY = (
    "on Debian and Ubuntu run: sudo apt-get install libglib2.0-0 libgl1 libegl1 libfontconfig1 libxkbcommon0 "
    "libdbus-1-3"
)
STATUS = click.Choice([status.value for status in Status])


def default_annotator() -> str:
    """The name to label under when none is given: ``$ANNOTATOR_NAME``, else the login name."""
    try:
        return os.environ.get("ANNOTATOR_NAME") or getpass.getuser()
    except (KeyError, OSError):
        return "annotator"


def window_code() -> ModuleType:
    """The module `annotator.app`, imported when a window is wanted. Raises a `UserError` without Qt's libraries."""
    try:
        from annotator import app
    except ImportError as fault:
        if not str(fault).startswith("lib"):
            raise
        raise UserError(f"Qt cannot start ({fault})", remedy=QT_REMEDY) from fault
    return app


class OpensByDefault(click.Group):
    """A group whose first word may be a project: ``annotator news.annotator`` is ``annotator open …``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``open`` before arguments that do not begin with a command."""
        own = {"--help", "--version", "-h"}
        if not args or (args[0] not in self.commands and args[0] not in own):
            args = ["open", *args]
        return super().parse_args(ctx, args)


@click.group(cls=OpensByDefault, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package.__version__, prog_name="annotator")
def cli() -> None:
    """Label text corpora: correct spaCy's suggestions by keyboard, export training data.

    Without a command, ``annotator [PROJECT] [--as NAME]`` opens the window. A project is one SQLite file
    (suffix .annotator). Exit status: 0 done; 1 could not be done; 2 wrong usage; 3 done, but some records
    were rejected or left out.
    """


def reports(command: Command) -> Command:
    """Give a command ``--json``, ``--quiet`` and ``--debug``, and pass it a `Terminal`."""

    @click.option("--json", "is_json", is_flag=True, help="Print exactly one JSON object on standard output.")
    @click.option("--quiet", "is_quiet", is_flag=True, help="No messages and no progress bar.")
    @click.option("--debug", is_flag=True, help="Show the traceback when something goes wrong.")
    @wraps(command)
    def run(*, is_json: bool, is_quiet: bool, debug: bool, **arguments: Any) -> int:  # noqa: ARG001
        return int(command(Terminal(is_json=is_json, is_quiet=is_quiet), **arguments))

    return run  # type: ignore[return-value]  # the decorated function takes other arguments


@cli.command("open")
@click.argument("project", required=False)
@click.option("--as", "annotator", default=None, help="The annotator's name (default: your login name).")
@reports
def open_window(_terminal: Terminal, project: str | None, annotator: str | None) -> int:
    """Open the window; without PROJECT the last one, or a welcome page."""
    return int(window_code().run_window(project, annotator or default_annotator()))


@cli.command()
@click.option("--dir", "folder", type=click.Path(path_type=Path), help="Where to keep the sample project.")
@click.option("--headless", is_flag=True, help="Do the whole job without a display and print the files.")
@click.option(
    "--screenshot",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Render the real window to this PNG, without opening it for work.",
)
@click.option("--as", "annotator", default=None, help="The annotator's name (default: your login name).")
@reports
def demo(
    terminal: Terminal, folder: Path | None, headless: bool, screenshot: Path | None, annotator: str | None
) -> int:
    """Make (or reuse) the sample project, let spaCy suggest spans, and open it."""
    from annotator.workflows.demo import finish_demo, make_demo, sample_folder

    name = annotator or default_annotator()
    with terminal.progress("Preparing the sample project") as progress:
        project = make_demo(folder or sample_folder(), progress)
        summary = finish_demo(project, name, progress) if headless else None
    if summary is not None:
        terminal.result(summary.as_json(), summary.as_text())
    if screenshot is not None:
        window_code().render_screenshot(str(project), name, screenshot)
        terminal.say(f"Wrote {screenshot}")
    if headless or screenshot is not None:
        return DONE
    return int(window_code().run_window(str(project), name))


@cli.command()
@click.argument("project")
@click.option("--scheme", default="news", show_default=True, help="A shipped scheme, or a TOML file.")
@reports
def new(terminal: Terminal, project: str, scheme: str) -> int:
    """Make an empty project with a label scheme."""
    from annotator.workflows.project import Project

    with Project.create(project, scheme) as made:
        name = made.scheme().name
    terminal.result({"project": project, "scheme": name}, f"Made {project} with the scheme {name}")
    return DONE


@cli.command()
@click.argument("project")
@click.option("--pipeline", default=None, help="An installed pipeline, a path, or blank:LANG.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes.")
@click.option("--redo", is_flag=True, help="Read documents again that the pipeline has read.")
@reports
def suggest(terminal: Terminal, project: str, pipeline: str | None, workers: int, redo: bool) -> int:
    """Let spaCy suggest spans, with confidence; resumes where it stopped."""
    from annotator.workflows.project import Project
    from annotator.workflows.suggesting import SuggestRequest

    with Project.open(project) as opened, terminal.progress("Suggesting") as progress:
        report = opened.suggest(SuggestRequest(pipeline, workers, redo), progress)
    for document, reason in report.unreadable:
        terminal.warn(f"{document}: not read: {reason}")
    if report.unknown_labels:
        counted = ", ".join(f"{count} {label}" for label, count in sorted(report.unknown_labels.items()))
        terminal.say(f"Labels that the scheme does not have were left out: {counted}")
    terminal.result(
        {
            "documents": report.documents,
            "spans": report.spans,
            "words_per_second": report.words_per_second,
            "pipeline": report.pipeline,
            "unknown_labels": report.unknown_labels,
            "unreadable": [{"document": one, "reason": reason} for one, reason in report.unreadable],
        },
        f"{report.pipeline} read {report.documents} documents and suggested {report.spans} spans "
        f"({report.words_per_second:,.0f} words/s)",
    )
    if report.is_cancelled:
        terminal.warn("Stopped; what was read is kept. Run the command again to go on.")
        return FAILED
    return LEFT_OUT if report.unreadable else DONE


@cli.command()
@click.argument("project")
@click.option("--annotator", required=True, help="Whose spans they become.")
@click.option("--min-score", type=click.FloatRange(0, 1), default=0.0, help="Only suggestions this sure.")
@reports
def accept(terminal: Terminal, project: str, annotator: str, min_score: float) -> int:
    """Accept suggestions as an annotator's spans."""
    from annotator.workflows.project import Project

    with Project.open(project) as opened, terminal.progress("Accepting") as progress:
        report = opened.accept(annotator, min_score=min_score, progress=progress)
    terminal.result(
        {"documents": report.documents, "spans": report.spans, "annotator": annotator},
        f"Accepted {report.spans} suggestions in {report.documents} documents as {annotator}'s",
    )
    return DONE


@cli.command()
@click.argument("project")
@reports
def stats(terminal: Terminal, project: str) -> int:
    """Documents by status, spans by label and annotator."""
    from annotator.workflows.project import Project

    with Project.open(project, read_only=True) as opened:
        found = opened.stats()
    lines = [f"{found.documents} documents, {found.spans} spans"]
    for counts in (found.by_status, found.by_label, found.by_annotator):
        lines += [f"  {name:20} {count:8,}" for name, count in counts.items()]
    terminal.result(
        {
            "documents": found.documents,
            "by_status": dict(found.by_status),
            "spans": found.spans,
            "by_label": dict(found.by_label),
            "by_annotator": dict(found.by_annotator),
        },
        "\n".join(lines),
    )
    return DONE


@cli.command()
@click.argument("project")
@click.option("--repair", is_flag=True, help="Mend what can be mended, after a backup beside the project.")
@reports
def check(terminal: Terminal, project: str, repair: bool) -> int:
    """Check the file and every span; says what it would repair."""
    from annotator.workflows.checking import check_project, repair_project

    problems = check_project(project)
    for problem in problems:
        remedy = f" (--repair would {problem.repair})" if problem.repair else ""
        terminal.warn(f"{problem.where}: {problem.what}{remedy}")
    if problems and repair:
        problems = repair_project(project, problems, terminal.say)
    plain = [{"where": problem.where, "what": problem.what} for problem in problems]
    terminal.result(
        {"ok": not problems, "problems": plain},
        "Nothing is wrong" if not problems else f"{len(problems)} problems",
    )
    return FAILED if problems else DONE


add_file_commands(cli, reports, default_annotator)
add_team_commands(cli, reports)
add_agreement_command(cli, reports)
add_gold_commands(cli, reports)
add_seeding_command(cli, reports)


def main() -> NoReturn:
    """Run the command line and exit. The only place, besides the task runner, that catches everything."""
    from multiprocessing import freeze_support

    freeze_support()
    arguments = sys.argv[1:]
    is_debug = "--debug" in arguments
    is_json = "--json" in arguments
    try:
        status = cli.main(args=arguments, standalone_mode=False)
        sys.exit(status if isinstance(status, int) else DONE)
    except click.UsageError as fault:
        fault.show()
        sys.exit(WRONG_USAGE)
    except click.ClickException as fault:
        fault.show()
        sys.exit(FAILED)
    except UserError as fault:
        _fail(str(fault), fault, is_json=is_json, is_debug=is_debug)
    except (Cancelled, KeyboardInterrupt, click.Abort) as fault:
        _fail("Stopped; what was finished by then is kept.", fault, is_json=is_json, is_debug=is_debug)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on: not a fault
        sys.exit(DONE)
    except Exception as fault:
        sentence = f"Something unexpected went wrong ({type(fault).__name__}: {fault}); run again with --debug."
        _fail(sentence, fault, is_json=is_json, is_debug=is_debug)


def _fail(sentence: str, fault: BaseException, *, is_json: bool, is_debug: bool) -> NoReturn:
    if is_debug:
        import traceback

        traceback.print_exception(fault)
    if is_json:
        Terminal(is_json=True).result({"error": sentence}, "")
    click.echo(sentence, err=True)
    sys.exit(FAILED)
