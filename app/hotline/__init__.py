"""The phone: calls and their flows, agents' seats, call-backs, texts that come in, voice messages that go out."""
