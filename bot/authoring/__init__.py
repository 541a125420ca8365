"""Tools for those who write the texts: readability, typography, wording and their gates."""
