"""The bots that are set side by side: each plays the same script in its library's own way."""
