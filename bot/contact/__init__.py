"""Contact without a file on anyone: requests to study centres, and their answers."""
