"""Which language the person at the terminal reads, as the environment's locale says; servers' logs don't ask."""

import os

LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""In the order in which POSIX looks at them."""


def language() -> str:
    """zh-CN or en."""
    locale = next((value for name in LOCALES if (value := os.environ.get(name))), "")
    return "zh-CN" if locale.lower().startswith("zh") else "en"
