"""What was heard or read, beside it in the other language: sentences, names, moments, lengths of time."""

import pytest

from app.demo import translating
from app.demo.glossary import Glossary


@pytest.mark.parametrize(
    "heard, language, other",
    [
        (
            "罗女士您好，这里是社区服务热线，有人要上门为您服务。",
            "zh-CN",
            "Hello Ms Luo, this is the community hotline.",
        ),
        ("有人要来，阿米尔，今天上午10:15。", "zh-CN", "Amir, today at 10:15 AM."),
        ("阿米尔来过吗？来过请按1，没来请按2。", "zh-CN", "Did Amir come?"),
        ("今天下午1:30阿米尔来过吗？来过请按1，没来请按2。", "zh-CN", "Did Amir come, today at 1:30 PM?"),
        ("您常用的是上门理发。就要这个请按1，要别的请按2。", "zh-CN", "Haircut at home"),
        ("下好单了，单号1 8 3 1，5 1 6 8。安排好人会告诉您。", "zh-CN", "1 8 3 1, 5 1 6 8"),
        ("已记录，谢谢。", "zh-CN", "Noted, thank you."),
        ("Someone is due. Amir, 25 Nov at 2:00 PM.", "en", "阿米尔，11月25日下午2:00"),
    ],
)
def test_sentences_of_ours_are_known_with_what_is_in_them(heard: str, language: str, other: str) -> None:
    assert other in translating.other_side(heard, language, Glossary())


def test_what_people_say_stays_untranslated() -> None:
    assert translating.other_side("我要找我儿子", "zh-CN", Glossary()) == ""


@pytest.mark.parametrize(
    "word, language, said",
    [
        ("4分钟", "en", "4 minutes"),
        ("1分钟", "en", "1 minute"),
        ("12 minutes", "zh-CN", "12分钟"),
        ("明天上午9:05", "en", "tomorrow at 9:05 AM"),
        ("today at 10:45 AM", "zh-CN", "今天上午10:45"),
        ("单先生", "en", "Mr Shan"),
        ("无名氏", "en", "无名氏"),
    ],
)
def test_words_are_said_in_the_other_language(word: str, language: str, said: str) -> None:
    assert Glossary().said(word, language) == said


def test_names_inside_a_sentence_are_rendered() -> None:
    assert Glossary().names_in("Reached 罗晓燕: family") == "Reached Luo Xiaoyan: family"
