"""The words of which the sample district is made, as CSV and YAML, and the functions that read them."""

import csv
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of the CSV file ``name``."""
    return tuple(csv.DictReader(files(__name__).joinpath(name).read_text(encoding="utf-8").splitlines()))


@cache
def document(name: str) -> Any:
    """The content of the YAML file ``name``; shared, so never change it."""
    return yaml.safe_load(files(__name__).joinpath(name).read_text(encoding="utf-8"))
