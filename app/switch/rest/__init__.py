"""The REST subset below /2010-04-01, shaped as Twilio's OpenAPI description says."""
