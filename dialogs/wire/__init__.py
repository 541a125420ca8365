"""How a session travels: packed into 31 bytes and sealed into 64 characters."""
