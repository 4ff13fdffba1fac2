"""Product time in the switch: timers follow a wound clock; what is said lasts as long as a voice needs."""

import asyncio
from datetime import timedelta

import pytest

from app.core import clock
from app.switch import speech
from app.switch.timers import Timers
from tests.switch.conftest import AMIR, HOTLINE


@pytest.mark.parametrize(
    ("tag", "voice", "expected"),
    [
        ("cmn-CN", "", "zh-CN"), ("zh-CN", "", "zh-CN"), ("", "Polly.Zhiyu", "zh-CN"),
        ("", "Polly.Zhiyu-Neural", "zh-CN"),
        ("", "Google.cmn-CN-Wavenet-A", "zh-CN"), ("yue-CN", "", "zh-HK"), ("", "Polly.Hiujin-Neural", "zh-HK"),
        ("en-GB", "", "en"), ("", "", "en"), ("", "alice", "en"), ("fr-FR", "", "fr-fr"),
    ],
)  # fmt: skip
def test_the_language_follows_from_language_or_voice(tag, voice, expected):
    """https://www.twilio.com/docs/voice/twiml/say/text-speech"""
    assert speech.language(tag, voice) == expected


def test_speech_lasts_four_characters_or_two_and_a_half_words_a_second():
    assert speech.seconds("您好，这里是热线吗？") == 2.0
    assert speech.seconds("Hello, this is the line.") == 2.0


def test_timers_fire_in_their_order_when_the_clock_is_wound(still_clock):
    async def story() -> list[str]:
        timers = Timers()
        running = asyncio.create_task(timers.run())
        fired: list[str] = []
        for name, seconds in (("late", 60), ("soon", 5), ("middle", 30)):
            timers.after(seconds).add_done_callback(lambda _, name=name: fired.append(name))
        cancelled = timers.after(1)
        cancelled.cancel()
        await asyncio.sleep(3 * clock.TICK)
        assert fired == []
        clock.wind(timedelta(seconds=31))
        await asyncio.sleep(3 * clock.TICK)
        running.cancel()
        return fired

    assert asyncio.run(story()) == ["soon", "middle"]


class TestSpoken:
    @pytest.fixture
    def options(self):
        return {"speech": "spoken"}

    def test_a_key_stops_the_prompt_and_silence_counts_after_it(self, world):
        prompt = "您好" * 8
        menu = f"""<Response><Gather numDigits="1" timeout="5" action="/step">
            <Say language="cmn-CN">{prompt}</Say></Gather><Say>Nothing came</Say></Response>"""
        rosa = world.call(menu)
        assert rosa.wait("heard")["seconds"] == 4.0
        world.wind(4)
        world.wind(4.5)
        assert rosa.heard() == [prompt]
        world.wind(0.5)
        rosa.wait("heard", text="Nothing came")
        world.wind(2)
        rosa.wait("ended")
        world.call(menu).wait("heard", text=prompt)
        rosa.do("press", digits="1")
        assert world.customer.wait("/step")[0].params["Digits"] == "1"

    def test_a_spoken_text_keeps_the_call_until_it_is_over(self, world):
        world.line(AMIR).behave(answers="itself")
        twilio = world.sdk()
        twiml = "<Response><Say>one two three four five</Say></Response>"
        sid = twilio.calls.create(to=AMIR, from_=HOTLINE, twiml=twiml).sid
        world.line(AMIR).wait("heard")
        assert twilio.calls(sid).fetch().status == "in-progress"
        world.wind(2)
        assert twilio.calls(sid).fetch().status == "completed"
