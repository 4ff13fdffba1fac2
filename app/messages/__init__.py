"""Everything written or spoken to somebody outside: one row a message, from outbox to receipt."""
