"""How gunicorn serves the web process, beside the settings in the Procfile.

gunicorn --config python:app.web.serving …
"""

import gc
from typing import Any


def post_worker_init(worker: Any) -> None:
    """What is loaded by now stays for ever: the garbage collector need not look through it again and again.

    Doing so held up every caller of the process for a fifth of a second or more each time.
    """
    gc.freeze()
