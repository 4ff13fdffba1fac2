"""The addresses of the switch's own interface."""

from aiohttp import web

from app.switch.api import lines, texts, trials


def routes() -> list[web.RouteDef]:
    """All of them."""
    one = "/lines/{line}"
    return [
        web.get("/health", trials.health),
        web.get("/lines", lines.listing),
        web.get(one, lines.fetch),
        web.put(f"{one}/behaviour", lines.behave),
        web.post(f"{one}/dial", lines.dial),
        web.post(f"{one}/answer", lines.answer),
        web.post(f"{one}/reject", lines.reject),
        web.post(f"{one}/hangup", lines.hang_up),
        web.post(f"{one}/press", lines.press),
        web.post(f"{one}/speak", lines.speak),
        web.get(f"{one}/events", lines.stream),
        web.get(f"{one}/log", lines.log),
        web.get(f"{one}/texts", texts.listing),
        web.post(f"{one}/texts", texts.write),
        web.post("/faults", trials.arm),
        web.get("/faults", trials.armed),
        web.delete("/faults", trials.disarm),
        web.delete(r"/faults/{id:\d+}", trials.disarm),
        web.get("/debugger", trials.errors),
        web.delete("/debugger", trials.forget_errors),
        web.get("/webhooks", trials.webhooks),
        web.post(r"/webhooks/{id:\d+}/again", trials.again),
        web.get("/recordings/{sid}", trials.recording),
        web.post("/reset", trials.reset),
    ]
