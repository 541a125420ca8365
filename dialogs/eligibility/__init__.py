"""Answers, facts, criteria and what follows from them."""
