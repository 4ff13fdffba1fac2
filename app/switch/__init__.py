"""Our own Twilio-compatible switch: executes TwiML, signs webhooks, serves the REST subset we use, and has phones on it."""
