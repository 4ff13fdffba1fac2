"""Our own Twilio-compatible switch: TwiML, signed webhooks, the REST subset we use, and phones."""
