"""The exchange: everything a running switch holds, and the ways in which calls begin on it."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from app.switch import ringing
from app.switch.calls import FINAL, Call, Callback, CallRecord, Voice, duration, progress
from app.switch.conferences import Conferences
from app.switch.config import Config
from app.switch.debugger import Debugger
from app.switch.faults import Faults
from app.switch.lines import Line, Lines
from app.switch.numbers import Number, Numbers
from app.switch.recordings import Recordings
from app.switch.sids import new
from app.switch.store import Store
from app.switch.texts import Texts
from app.switch.timers import Timers
from app.switch.twiml.run import Run, Waiting
from app.switch.webhooks import Hook, Webhooks


class Exchange:
    """One account's switch. ``open`` begins, ``close`` ends; in between all runs in one event loop."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.timers = Timers()
        self.store = Store(config.state)
        self.debugger = Debugger()
        self.faults = Faults()
        self.webhooks = Webhooks(config.token, self.timers, self.faults, self.debugger)
        self.lines = Lines()
        self.numbers = Numbers(self.store, config)
        self.recordings = Recordings(self.store)
        self.conferences = Conferences(self)
        self.texts = Texts(self)
        self.records = {r["sid"]: CallRecord(**r) for r in self.store.all("call")}
        self.calls: dict[str, Call] = {}
        self.readers: set[asyncio.Task[Any]] = set()

    async def open(self) -> None:
        """Begin, and settle what the last run left unfinished."""
        await self.webhooks.open()
        self.webhooks.spawn(self.timers.run())
        self._name_lines()
        self._bury()
        self.texts.resume()

    async def dismiss(self) -> None:
        """Send the patient readers of streams away, so that a stop need not wait for them."""
        for reader in list(self.readers):
            reader.cancel()

    async def close(self) -> None:
        """Stop as a dying carrier does: nothing more is told."""
        await self.webhooks.close()
        self.store.close()

    def keep(self, record: CallRecord) -> None:
        """Remember a call's record as it is now."""
        self.records[record.sid] = record
        self.store.put("call", record.sid, asdict(record))

    def ended(self, call: Call) -> None:
        """A call is over."""
        self.calls.pop(call.sid, None)

    def dial(self, line: Line, to: str) -> Call:
        """``line`` dials a number of the account. Raises KeyError for other numbers, ValueError if it holds a call."""
        number = self.numbers.by_number(to)
        if number is None:
            raise KeyError(to)
        if line.call is not None:
            raise ValueError(line.number)
        record = CallRecord(new("CA"), line.number, to, "inbound", "ringing")
        call = self._call(record, line, number.voice, number.callback)
        line.call = call
        call.note("calling", to=to)
        call.begin(Run(call).follow(number.voice))
        return call

    def place(
        self,
        to: str,
        from_: str,
        voice: Voice,
        callback: Callback | None = None,
        timeout: float = 60,
    ) -> Call:
        """Call a line by order of the app; when it answers, it hears ``voice``. Raises ValueError for no number."""
        record = CallRecord(new("CA"), from_, to, "outbound-api")
        call = self._call(record, self.lines.line(to), voice, callback)
        call.begin(self._placed(call, timeout))
        return call

    def leg(self, parent: Call, to: str, from_: str, callback: Callback | None, voice: Voice) -> Call:
        """The far leg of a Dial; the Dial itself rings it."""
        record = CallRecord(new("CA"), from_, to, "outbound-dial", parent=parent.sid)
        return self._call(record, self.lines.line(to), voice, callback)

    def _call(self, record: CallRecord, line: Line, voice: Voice, callback: Callback | None) -> Call:
        call = self.calls[record.sid] = Call(self, record, line, voice, callback)
        return call

    async def _placed(self, call: Call, timeout: float) -> None:
        if await ringing.ring_and_answer(call, timeout):
            await Run(call).follow(call.voice)

    def _name_lines(self) -> None:
        """The lines of kept calls and texts are on the list again."""
        ends = [end for call in self.records.values() for end in (call.from_, call.to)]
        ends += [end for text in self.texts.find(lambda _: True) for end in (text.from_, text.to)]
        for number in dict.fromkeys(ends):
            if self.number_of(number) is None:
                self.lines.line(number)

    def _bury(self) -> None:
        """Calls that a killed switch held are over; the app is told of every end that it did not hear of."""
        for record in [r for r in self.records.values() if r.status not in FINAL]:
            record.status = "completed" if record.answered else "failed"
            record.ended, record.told = record.answered or record.created, False
            self.keep(record)
        for record in [r for r in self.records.values() if not r.told]:
            record.told = True
            url = record.callback["url"] if record.callback else ""
            params = record.params(self.config.account) | progress(9) | duration(record)
            hook = Hook("status", url, params, sid=record.sid)
            self.webhooks.tell(hook, then=lambda record=record: self.keep(record))  # type: ignore[misc]

    async def reset(self) -> None:
        """Forget all but the numbers' settings."""
        for call in list(self.calls.values()):
            call.callback = None
            call.hang_up()
        self.faults.disarm()
        self.webhooks.log.clear()
        self.debugger.errors.clear()
        self.lines.reset()
        self.records.clear()
        self.store.forget("call")
        self.texts.forget()
        self.recordings.forget()

    def on_end(self, call: Call, then: Callable[[], None]) -> None:
        """Do something when ``call`` has ended."""
        call.over.add_done_callback(lambda _: then())

    def walker(self, call: Call) -> Run:
        """Something that follows documents on ``call``."""
        return Run(call)

    def waiter(self, call: Call) -> Waiting:
        """Something that lets ``call`` hear what waiting ones hear."""
        return Waiting(call)

    def number_of(self, name: str) -> Number | None:
        """The account's number ``name``, if it is one."""
        return self.numbers.by_number(name)
