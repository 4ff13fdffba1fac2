"""What bin/demo and bin/test say before there is a Python: both languages, by --lang or by the locale."""

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

BIN = Path(__file__).parents[2] / "bin"
WORDS = yaml.safe_load((BIN / "words.yaml").read_text("utf-8"))


def said(code: str, *facts: str, locale: str = "C.UTF-8", given: str = "") -> str:
    """What a script that sources prepare.sh would say, called with the words ``given``."""
    script = f'set -eu; . "$0"; words {code} "$@"'
    if given:
        script = f'set -- {given}; . "$0"; words {code} {" ".join(facts)}'
    told = subprocess.run(
        ["sh", "-c", script, str(BIN / "prepare.sh"), *facts],
        env={"PATH": os.environ["PATH"], "LC_ALL": locale},
        capture_output=True,
        check=True,
    )
    return told.stdout.decode()


@pytest.mark.parametrize("code", WORDS)
def test_every_sentence_can_be_read_by_the_shell(code: str) -> None:
    places = {language: form.count("%s") for language, form in WORDS[code].items()}
    assert set(places) == {"zh-CN", "en"} and len(set(places.values())) == 1
    facts = [f"fact{number}" for number in range(places["en"])]
    assert said(code, *facts) == WORDS[code]["en"] % tuple(facts)
    assert said(code, *facts, locale="zh_CN.UTF-8") == WORDS[code]["zh-CN"] % tuple(facts)


def test_the_wish_on_the_command_line_counts_more_than_the_locale() -> None:
    assert said("make_venv", given="--once --lang zh-CN") == WORDS["make_venv"]["zh-CN"]
    assert said("make_venv", given="--lang=en", locale="zh_CN.UTF-8") == WORDS["make_venv"]["en"]


def test_the_scripts_use_only_sentences_there_are_and_all_of_them() -> None:
    text = "".join((BIN / name).read_text("utf-8") for name in ("prepare.sh", "demo", "test"))
    used = set(re.findall(r"\$\(words (\w+)", text)) | set(re.findall(r"outcome=(\w+)", text))
    assert used == set(WORDS)
