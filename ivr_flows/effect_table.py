"""The table of effects as plain data; ivr_flows.effects reads it."""

from typing import Any

ORDER_FACTS = ("number", "status", "when")
OFFER_FACTS = ("service", "when", "community", "minutes")
VISIT_FACTS = ("when", "address", "code_half")

TABLE: dict[str, dict[str, Any]] = {
    # -- people -----------------------------------------------------------------------------------------------
    "ring_agents": {
        "meaning": "Begin to ring whoever is free (never waits). Idempotent while a ring is under way. nobody: no "
        "agent is at a seat now; the caller still waits a little, in case one comes.",
        "outcomes": {"ringing": (), "nobody": ()},
    },
    "emergency": {
        "meaning": "Ring everybody for an emergency and put an urgent call-back (reason emergency) on the worklist at "
        "once, so that a hang-up loses nothing.",
        "outcomes": {"ringing": (), "nobody": ()},
        "reaches": {"ringing": "emergency", "nobody": "emergency"},
    },
    "book_call_back": {
        "meaning": "Put the caller on the worklist; once per call. reason: missed_call, wanted, emergency, "
        "dropped_call, drafted_order, bad_grade. What he said is in kept.",
        "args": ("reason",),
        "outcomes": {"booked": ()},
        "reaches": {"booked": "call_back"},
    },
    "save_message": {
        "meaning": "Keep the last recording of kept as a message on the worklist (reason voicemail).",
        "outcomes": {"saved": ()},
        "reaches": {"saved": "message"},
    },
    "save_dropped": {
        "meaning": "The caller hung up before anything was settled: a draft order if he said what he needs (recording "
        "or speech in kept), and a call-back (dropped_call, or missed_call if kept is empty).",
        "outcomes": {"saved": ()},
        "reaches": {"saved": "call_back"},
    },
    # -- residents --------------------------------------------------------------------------------------------
    "choose_person": {
        "meaning": "The caller on a shared phone says who he is: fact person1, person2 or person3 by `person` "
        '"1".."3". usual: that person has one clear usual service that may be spoken on this phone.',
        "args": ("person",),
        "outcomes": {"usual": ("usual",), "other": ()},
    },
    "order_usual": {
        "meaning": "Open an order for the usual service of the (chosen) person. refused: it cannot be ordered now.",
        "outcomes": {"ordered": ("number",), "refused": ()},
        "reaches": {"ordered": "order"},
    },
    "draft_order": {
        "meaning": "Make a draft order of the last recording or speech in kept, and a call-back (drafted_order).",
        "outcomes": {"drafted": ("number",)},
        "reaches": {"drafted": "order"},
    },
    "latest_order": {
        "meaning": "The one live order of the only person on this phone; none if there is none or several.",
        "outcomes": {"found": ORDER_FACTS, "none": ()},
        "reaches": {"found": "order"},
    },
    "find_order": {
        "meaning": "The order with the 8 keyed digits. wrong: the check digit does not fit; unknown: no such order. "
        "Only number, state and time are ever said.",
        "args": ("digits",),
        "outcomes": {"found": ORDER_FACTS, "wrong": (), "unknown": ()},
        "reaches": {"found": "order"},
    },
    "who_is_due": {
        "meaning": "Whether a visit is due about now at a household of this phone. unknown: the phone belongs to "
        "nobody we know.",
        "outcomes": {"due": ("worker", "when"), "nobody": (), "unknown": ()},
    },
    "check_code": {
        "meaning": "Whether the two keyed digits are the first two of the code of a visit that is due here.",
        "args": ("digits",),
        "outcomes": {"yes": (), "no": ()},
        "reaches": {"yes": "order"},
    },
    "raise_alarm": {
        "meaning": "A stranger may be at the door: alarm and urgent call-back (door_alarm). reason: nobody_due, "
        "wrong_code.",
        "args": ("reason",),
        "outcomes": {"raised": ()},
        "reaches": {"raised": "alarm"},
    },
    # -- outbound to residents --------------------------------------------------------------------------------
    "mark_told": {
        "meaning": "The person has heard the announcement or the notice and pressed a key: the message is delivered.",
        "outcomes": {"noted": ()},
        "reaches": {"noted": "told"},
    },
    "mark_not_reached": {
        "meaning": "Silence, a voicemail or a hang-up before anything was heard: try again, then a relative or a "
        "person. For a follow-up: not reached, never satisfied.",
        "outcomes": {"noted": ()},
        "reaches": {"noted": "not_reached"},
    },
    "record_answers": {
        "meaning": "The follow-up's answers. contacted, solved: yes, no or unasked; grade: very_satisfied, satisfied, "
        "fair, dissatisfied, very_dissatisfied or unasked. The spoken reason, if any, is the last recording of kept. "
        "reopened: the order goes on and a person rings back; closed: it was good.",
        "args": ("contacted", "solved", "grade"),
        "outcomes": {"reopened": (), "closed": ()},
        "reaches": {"reopened": "answered", "closed": "answered"},
    },
    # -- social workers ---------------------------------------------------------------------------------------
    "desk": {
        "meaning": "What is next for the worker who phoned in: an offer that waits, else the visit under way, else the "
        "next accepted one (all three of VISIT_FACTS), else nothing. address may be spoken: the "
        "visit is his.",
        "outcomes": {
            "offer": OFFER_FACTS,
            "accepted": VISIT_FACTS,
            "en_route": VISIT_FACTS,
            "arrived": VISIT_FACTS,
            "in_progress": VISIT_FACTS,
            "nothing": (),
        },
        "reaches": {name: "informed" for name in ("accepted", "en_route", "arrived", "in_progress")},
    },
    "accept_offer": {
        "meaning": "Accept the offer of this call (or the one that desk gave). gone: expired, withdrawn or taken.",
        "outcomes": {"accepted": VISIT_FACTS, "gone": ()},
        "reaches": {"accepted": "accepted", "gone": "gone"},
    },
    "decline_offer": {
        "meaning": "Decline it.",
        "outcomes": {"declined": (), "gone": ()},
        "reaches": {"declined": "declined", "gone": "gone"},
    },
    "depart": {
        "meaning": "The worker sets out for the visit that desk gave.",
        "outcomes": {"done": (), "refused": ()},
        "reaches": {"done": "reported"},
    },
    "arrive": {
        "meaning": "The worker is at the door.",
        "outcomes": {"done": (), "refused": ()},
        "reaches": {"done": "reported"},
    },
    "prove": {
        "meaning": "The last two digits, as the resident said them. locked: wrong three times, an alarm was raised.",
        "args": ("digits",),
        "outcomes": {"proved": (), "wrong": (), "locked": ()},
        "reaches": {"proved": "reported", "locked": "alarm"},
    },
    "finish_visit": {
        "meaning": "The visit is done.",
        "outcomes": {"done": (), "refused": ()},
        "reaches": {"done": "reported"},
    },
    "not_done": {
        "meaning": "It could not be done. reason: nobody_home, refused, other.",
        "args": ("reason",),
        "outcomes": {"done": (), "refused": ()},
        "reaches": {"done": "reported"},
    },
    "give_back": {
        "meaning": "The worker cannot come: the visit is withdrawn and dispatched again.",
        "outcomes": {"done": (), "refused": ()},
        "reaches": {"done": "reported"},
    },
    # -- agents -----------------------------------------------------------------------------------------------
    "answer_ring": {
        "meaning": "The agent answered: claim the caller. late: somebody was first, or the caller is gone.",
        "outcomes": {"first": (), "late": ()},
        "reaches": {"first": "person"},
    },
}
