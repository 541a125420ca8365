"""One file of tests per module."""
