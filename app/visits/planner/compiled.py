"""Compiles the planner's inner loops with numba; where numba is missing or switched off they run as plain Python.

Both ways give the same answers, the second some hundred times slower: enough for small cases and for debugging
(NUMBA_DISABLE_JIT=1). The machine code is kept for the next process, in a folder named after all sources of this
package: numba itself would look at one file only, and run old code of another that was compiled into it.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

numba: Any
try:
    import numba
except ImportError:  # a platform without wheels
    numba = None

Function = TypeVar("Function", bound=Callable[..., Any])


def _folder() -> Path | None:
    """Where machine code is kept; None if there is no place for it."""
    here = Path(__file__).parent
    sources = b"".join(path.read_bytes() for path in sorted(here.glob("*.py")))
    name = f"planner-{hashlib.sha256(sources).hexdigest()[:16]}"
    for home in (here / "__pycache__", Path.home() / ".cache" / "doorline"):
        try:
            (home / name).mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(home / name, os.W_OK):
            return home / name
    return None


_keeps = False
FOLDER: Path | None = None
"""Where this process finds and leaves machine code; None where nothing is compiled, or nothing can be kept."""

if numba is not None and not numba.config.DISABLE_JIT and not numba.config.CACHE_DIR and (folder := _folder()):
    numba.config.CACHE_DIR = str(folder)
    FOLDER, _keeps = folder, True


def compiled(function: Function) -> Function:
    """``function`` compiled at its first call; while it runs, other threads do.

    It may not make arrays: without numba's counting of references, which costs more than all the rest, it can't.
    """
    return _njit(function, nogil=True)


def inlined(function: Function) -> Function:
    """The same for a small ``function`` that becomes part of whoever calls it: a call costs more than what it does."""
    return _njit(function, forceinline=True)


def _njit(function: Function, **options: Any) -> Function:
    compile_it: Callable[[Function], Function] = (
        (lambda given: given) if numba is None else numba.njit(cache=_keeps, _nrt=False, **options)
    )
    return compile_it(function)
