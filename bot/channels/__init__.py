"""The ways a person reaches the dialogs; a channel draws views and knows no other channel."""
