"""The addresses of the REST resources."""

from aiohttp import web

from app.switch.rest import calls, conferences, messages, numbers, participants, recordings

_ACCOUNT = "/2010-04-01/Accounts/{account}"
_SID = r"{sid:[^/]+?}"
_ROOM = "/Conferences/{conference}"


def routes() -> list[web.RouteDef]:
    """All of them."""
    return [
        *_resource("/Messages", messages.create, messages.listing, messages.fetch, None, messages.delete),
        *_resource("/Calls", calls.create, calls.listing, calls.fetch, calls.update, calls.delete),
        web.get(f"{_ACCOUNT}/Calls/{_SID}/Recordings.json", recordings.listing),
        web.get(f"{_ACCOUNT}/Conferences.json", conferences.listing),
        web.get(f"{_ACCOUNT}{_ROOM}.json", conferences.fetch),
        web.post(f"{_ACCOUNT}{_ROOM}.json", conferences.update),
        *_resource(
            f"{_ROOM}/Participants",
            participants.create,
            participants.listing,
            participants.fetch,
            participants.update,
            participants.delete,
        ),
        *_resource("/Recordings", None, recordings.listing, recordings.fetch, None, recordings.delete),
        web.get(f"{_ACCOUNT}/Recordings/{_SID}.wav", recordings.media),
        web.get(f"{_ACCOUNT}/Recordings/{_SID}", recordings.media),
        *_resource("/IncomingPhoneNumbers", None, numbers.listing, numbers.fetch, numbers.update, None),
    ]


def _resource(path: str, create, listing, fetch, update, delete) -> list[web.RouteDef]:  # type: ignore[no-untyped-def]
    several, one = f"{_ACCOUNT}{path}.json", f"{_ACCOUNT}{path}/{_SID}.json"
    pairs = [
        (web.post, several, create),
        (web.get, several, listing),
        (web.get, one, fetch),
        (web.post, one, update),
        (web.delete, one, delete),
    ]
    return [route(url, handler) for route, url, handler in pairs if handler]
