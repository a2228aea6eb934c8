"""The compiler, where it is installed: the same functions run without it, slowly.

``numba`` is an extra. What is marked ``compiled`` keeps to whole numbers, rows of them and loops,
so that both ways give the same figures to the last bit. ``CPPLAN_COMPILE=0`` turns it off, if it is
set before the first module with such functions is imported; this one may be imported before.

What was compiled is kept, by a digest over the sources: numba alone would not notice that a
function in another file has changed, and would go on running the old one.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

SWITCH = "CPPLAN_COMPILE"
"""The environment variable that turns the compiler off, by ``0``."""


@cache
def _compiler() -> Any:
    if os.environ.get(SWITCH) == "0":
        return None
    try:
        import numba  # noqa: PLC0415  # an extra, and slow to import
    except ModuleNotFoundError:
        return None
    return numba


def is_compiled() -> bool:
    """Return whether the compiler is there and turned on."""
    return _compiler() is not None


def compiled(function: F) -> F:
    """Return ``function`` compiled, or as it is where there is no compiler."""
    numba = _compiler()
    if numba is None:
        return function
    _teach()
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(kept_in())
    try:
        made: F = numba.njit(cache=True, nogil=True)(function)
    finally:
        numba.config.CACHE_DIR = before
    return made


def bare(row: Any) -> Any:
    """Return a row of numbers as it is; compiled, nothing but the place where it begins.

    Compiled code would hand on seven numbers for each row at each call, and count up and down who
    holds it: two thirds of its time. Whoever calls a compiled function holds the rows for as long
    as it runs. A place has no length.
    """
    return row


@cache
def _teach() -> None:
    """Teach the compiler :func:`bare`: where the row begins, and nobody to count for."""
    from numba.core import cgutils, types  # noqa: PLC0415
    from numba.extending import intrinsic, overload  # noqa: PLC0415

    null: Any = cgutils.get_null_value

    @intrinsic
    def place(_context: Any, row: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
            return context.make_array(signature.args[0])(context, builder, given[0]).data

        return types.CPointer(row.dtype)(row), code

    @intrinsic
    def uncounted(_context: Any, row: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
            made = context.make_array(signature.args[0])(context, builder, given[0])
            made.meminfo = null(made.meminfo.type)
            made.parent = null(made.parent.type)
            return made._getvalue()

        return row(row), code

    @overload(bare)
    def _(row: Any) -> Any:
        if row.ndim == 1 and row.layout == "C":

            def start(row: Any) -> Any:
                return place(row)  # type: ignore[call-arg]  # the compiler gives the context

            return start

        def view(row: Any) -> Any:
            return uncounted(row)  # type: ignore[call-arg]  # as above

        return view


@cache
def sources_digest() -> str:
    """Return a digest over the sources of all that is compiled, and of what it is compiled from."""
    sources = (path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    marked = [one for one in sources if b"import compiled" in one or b"columns as c" in one]
    return hashlib.sha256(b"".join(marked)).hexdigest()


@cache
def kept_in() -> Path:
    """Return the folder for what was compiled from these sources; a passing one if need be."""
    digest = sources_digest()[:16]
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(root) / "cpplan" / "compiled" / digest
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="cpplan-compiled-"))
    return folder
