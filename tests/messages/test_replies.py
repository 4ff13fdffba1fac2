"""What a text is taken to mean: forgiving with form, strict with meaning."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.messages import replies
from app.messages.replies import Reply, read

CODES = st.integers(0, 99).map("{:02}".format)
BLANKS = st.sampled_from(["", " ", "\u3000", "，", " - ", ".", "\n", "：", "。 "])
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("1 27", Reply("accept", "27")),
        ("127", Reply("accept", "27")),
        ("27 1", Reply("accept", "27")),
        ("２２７", Reply("decline", "27")),
        ("1", Reply("accept")),
        ("2", Reply("decline")),
        ("接单", Reply("accept")),
        ("接单27", Reply("accept", "27")),
        ("27 接单", Reply("accept", "27")),
        ("1接单 27", Reply("accept", "27")),
        ("好的，谢谢", Reply("accept")),
        ("Yes 27!", Reply("accept", "27")),
        ("拒绝", Reply("decline")),
        ("不接 27", Reply("decline", "27")),
        ("No", Reply("decline")),
        ("出发了", Reply("departed")),
        ("On my way", Reply("departed")),
        ("到达", Reply("arrived")),
        ("到了 45", Reply("arrived", "45")),
        ("I'm here", Reply("arrived")),
        ("完成。", Reply("done")),
        ("done", Reply("done")),
        ("没人", Reply("failed", None, "nobody_home")),
        ("没有人在家", Reply("unknown")),
        ("not home", Reply("failed", None, "nobody_home")),
        ("未完成", Reply("failed", None, "other")),
        ("去不了", Reply("give_back")),
        ("45", Reply("code", "45")),
        ("8245", Reply("code", "8245")),
        ("退订", Reply("stop")),
        ("TD", Reply("stop")),
        ("ｔ", Reply("stop")),
        ("T", Reply("stop")),
        ("Stop.", Reply("stop")),
        ("UNSUBSCRIBE", Reply("stop")),
        ("START", Reply("start")),
        ("帮助", Reply("help")),
    ],
)
def test_what_people_write(body: str, expected: Reply) -> None:
    assert read(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "",
        "？",
        "还没到达",
        "没接单",
        "别接单27",
        "接单 2 27",
        "拒绝 1 27",
        "1 2",
        "1 27 28",
        "12345",
        "3 27",
        "CANCEL",
        "取消",
        "我妈妈摔倒了，快来人",
        "not going",
        "27 27",
        "完成 1",
    ],
)
def test_what_could_be_misread_is_not_read(body: str) -> None:
    assert read(body).kind == "unknown"


def test_stop_comes_before_everything_else() -> None:
    assert read("退订 27") == Reply("stop")
    assert read("T 1") == Reply("stop")


@given(CODES, st.sampled_from(["1", "2"]), BLANKS, BLANKS, st.booleans(), st.booleans())
def test_an_answer_with_a_code_survives_any_spelling(
    code: str, answer: str, before: str, after: str, full_width: bool, turned: bool
) -> None:
    kind = {"1": "accept", "2": "decline"}[answer]
    body = f"{before}{code} {answer}{after}" if turned else f"{before}{answer} {code}{after}"
    assert read(body.translate(FULL_WIDTH) if full_width else body) == Reply(kind, code)  # type: ignore[arg-type]


@given(CODES, st.sampled_from(["接单", "yes", "YES", "Ok", "可以"]), BLANKS)
def test_words_and_codes_in_any_order(code: str, word: str, blank: str) -> None:
    assert read(f"{word}{blank}{code}") == read(f"{code}{blank}{word}") == Reply("accept", code)


@given(st.text(max_size=200))
def test_any_text_at_all_is_read_without_harm(body: str) -> None:
    reply = read(body)
    assert reply.code is None or (reply.code.isdigit() and len(reply.code) in (2, 4))
    assert (reply.reason is not None) == (reply.kind == "failed")


def test_no_word_has_two_meanings_and_each_is_written_as_it_is_compared() -> None:
    known, _ = replies._words()
    assert "yes" in known and "no" in known and "y" in known, "YAML 1.1 would read these as booleans"
    for word, meaning in known.items():
        assert read(word).kind in {meaning, "failed"}, word
