"""What is said, asked and concluded.

Nothing here reads a clock, a file, a network or a random source, and nothing here knows which
channel carries the conversation: days, texts and randomness come in as arguments.
"""
