"""Recordings: the words typed at a line, a length in seconds, and a WAV file of silence of that length."""

import io
import wave
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from app.core import clock
from app.switch.sids import new
from app.switch.store import Store

RATE = 8000


@dataclass
class Recording:
    """seconds: whole. text: what was said. created: epoch seconds in product time."""

    sid: str
    call: str
    seconds: int
    text: str
    source: str = "RecordVerb"
    conference: str | None = None
    created: float = field(default_factory=clock.timestamp)

    def media(self) -> bytes:
        """The sound: as words are typed, silence of the right length."""
        out = io.BytesIO()
        with wave.open(out, "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(RATE)
            sound.writeframes(bytes(2 * RATE * min(self.seconds, 600)))
        return out.getvalue()


class Recordings:
    """All recordings, oldest first."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._recordings = {r["sid"]: Recording(**r) for r in store.all("recording")}

    def make(self, call: str, seconds: int, text: str, source: str = "RecordVerb") -> Recording:
        """Keep a new one of ``call``."""
        recording = Recording(new("RE"), call, seconds, text, source)
        self._recordings[recording.sid] = recording
        self._store.put("recording", recording.sid, asdict(recording))
        return recording

    def get(self, sid: str) -> Recording | None:
        """The recording with that sid."""
        return self._recordings.get(sid)

    def find(self, fits: Callable[[Recording], bool]) -> list[Recording]:
        """Those that fit."""
        return [r for r in self._recordings.values() if fits(r)]

    def forget(self, sid: str | None = None) -> None:
        """Drop one, or all."""
        self._store.forget("recording", sid)
        if sid is None:
            self._recordings.clear()
        else:
            self._recordings.pop(sid, None)
