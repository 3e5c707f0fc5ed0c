"""Every step of a delivery: each time that one of its tasks waits, wherever that is."""

import ast
import asyncio
import inspect
from collections.abc import Coroutine, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import gpcore.application
from tests.property.crashing import Fuse, Killed

APPLICATION: Final = Path(inspect.getfile(gpcore.application)).parent
Place = tuple[str, int]
"""A file of the application and a line in it."""

_WAITING: Final = (ast.Await, ast.AsyncWith, ast.AsyncFor)


class Steps:
    """Counts the steps of a process, and has the fuse do its harm at one.

    Attributes:
        count: How many steps there were.
        places: Where in the application something waited then, callers included.
    """

    def __init__(self, *, at: int = 0) -> None:
        self.count = 0
        self.places: set[Place] = set()
        self.fuse: Fuse | None = None
        self._at = at

    @contextmanager
    def counted(self) -> Generator["Steps"]:
        """Count the steps of the tasks that the application starts for a delivery from now on."""
        loop = asyncio.get_running_loop()
        before = loop.get_task_factory()
        loop.set_task_factory(self._task)
        try:
            yield self
        finally:
            loop.set_task_factory(before)

    def step(self, work: Coroutine[Any, Any, Any]) -> None:
        """Note that the work waits now.

        Raises:
            Killed: The harm is to be done here, and it is a kill.
        """
        self.count += 1
        self.places |= set(_stack(work))
        if self.count == self._at:
            assert self.fuse is not None
            self.fuse.strike()

    def _task(self, loop: asyncio.AbstractEventLoop, work: Any, **named: Any) -> asyncio.Task[Any]:  # noqa: ANN401
        if _is_of_a_delivery(work):
            work = _Walk(work, self)
        task = asyncio.Task(work, loop=loop, **named)
        task.add_done_callback(_looked_at)
        return task


class _Walk(Coroutine[Any, Any, Any]):
    """Some work, with a look at it each time that it waits."""

    def __init__(self, work: Coroutine[Any, Any, Any], steps: Steps) -> None:
        self._work = work
        self._steps = steps

    def send(self, value: object) -> object:
        return self._look(self._work.send(value))

    def throw(self, *error: Any) -> object:  # noqa: ANN401
        return self._look(self._work.throw(*error))

    def close(self) -> None:
        self._work.close()

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._work.__await__()

    def _look(self, waited: object) -> object:
        try:
            self._steps.step(self._work)
        except Killed as killed:
            return self._work.throw(killed)
        return waited


def _looked_at(task: asyncio.Task[Any]) -> None:
    """Look at how a task has ended: of one that was killed on its own way nobody asks."""
    if not task.cancelled():
        task.exception()


def _is_of_a_delivery(work: Any) -> bool:  # noqa: ANN401
    """Tell whether a task works for one delivery; the worker's own watch over leases and the loop."""
    code = getattr(work, "cr_code", None)
    if code is None or Path(code.co_filename).parent != APPLICATION:
        return False
    return Path(code.co_filename).name not in {"claiming.py", "worker.py", "lag.py"}


def _stack(work: object) -> Generator[Place]:
    """Yield where each coroutine of a chain of awaits stands; what is inside a context manager cannot be seen."""
    while (frame := getattr(work, "cr_frame", None)) is not None:
        file = Path(frame.f_code.co_filename)
        if file.parent == APPLICATION:
            yield file.name, frame.f_lineno
        work = getattr(work, "cr_await", None)


def waits_in(file: str) -> dict[Place, str]:
    """Return every line of a file on which a coroutine may wait, with the name of its function."""
    tree = ast.parse((APPLICATION / file).read_text())
    found: dict[Place, str] = {}
    for function in ast.walk(tree):
        if not isinstance(function, ast.AsyncFunctionDef):
            continue
        inside = list(_own_nodes(function))
        if any(isinstance(node, ast.Yield) for node in inside):
            # A context manager: its steps are those of whoever enters it.
            continue
        waits = [node for node in inside if isinstance(node, _WAITING) and not _is_its_own_lock(node)]
        found |= {(file, node.lineno): function.name for node in waits}
    return found


def _is_its_own_lock(node: ast.AST) -> bool:
    """Tell whether something only waits until this delivery itself has done something else."""
    if not isinstance(node, ast.AsyncWith):
        return False
    return all(
        isinstance(item.context_expr, ast.Attribute) and item.context_expr.attr == "_lock" for item in node.items
    )


def _own_nodes(function: ast.AsyncFunctionDef) -> Generator[ast.AST]:
    """Yield what is in a function, but not in functions inside it."""
    todo: list[ast.AST] = list(function.body)
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            todo += ast.iter_child_nodes(node)
