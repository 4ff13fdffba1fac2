"""The switch, tried from both sides: by the carrier's customer (webhooks, Twilio's SDK) and by people on lines."""
