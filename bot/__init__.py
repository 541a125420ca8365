"""The outside world: channels, storage, start-up."""
