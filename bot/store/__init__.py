"""What is written to disk: keys, and nothing about a patient."""
