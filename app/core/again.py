"""When the carrier is to repeat a webhook that we could not take: fragments of our addresses.

Source: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides. Every webhook of ours may be repeated.
"""

STEP = "#ct=2000&rt=5000&rc=2&rp=ct,rt,5xx"
"""Somebody is on the line: connect within 2 s, answer within 5 s, two more tries before the fallback speaks."""

STATUS = "#rc=5&rp=all"
"""News that must not be lost."""
