"""What the import knows as data: headers people use, words in cells, and what the reports say."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def document(name: str) -> Any:
    """The content of the YAML file ``name``; shared, so never change it."""
    return yaml.safe_load(files(__name__).joinpath(name).read_text(encoding="utf-8"))
