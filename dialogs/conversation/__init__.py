"""The conversation: sessions, steps, screens, and one turn of it."""
