"""What people send beside text, in the form in which a bot gets it."""

from typing import Any

from tests.fakes.model import Json, User

__all__ = ["media"]

_FILE = {"file_id": "AgACAgQAAxkBAAIB", "file_unique_id": "AQADGbcxG0x", "file_size": 1270}
_PICTURE = _FILE | {"width": 320, "height": 240}
_FORMS: dict[str, Json] = {
    "sticker": {
        "sticker": _PICTURE
        | {"type": "regular", "is_animated": False, "is_video": False, "emoji": "👍"}
    },
    "photo": {"photo": [_PICTURE]},
    "document": {"document": _FILE | {"file_name": "report.pdf", "mime_type": "application/pdf"}},
    "voice": {"voice": _FILE | {"duration": 4, "mime_type": "audio/ogg"}},
    "audio": {"audio": _FILE | {"duration": 61, "title": "Song", "mime_type": "audio/mpeg"}},
    "video": {"video": _PICTURE | {"duration": 9, "mime_type": "video/mp4"}},
    "video_note": {"video_note": _FILE | {"length": 240, "duration": 5}},
    "animation": {"animation": _PICTURE | {"duration": 2}, "document": _FILE},
    "location": {"location": {"latitude": 48.8566, "longitude": 2.3522}},
    "venue": {
        "venue": {
            "location": {"latitude": 48.8566, "longitude": 2.3522},
            "title": "Hospital",
            "address": "1 rue de l'Exemple",
        }
    },
    "dice": {"dice": {"emoji": "🎲", "value": 4}},
    "poll": {
        "poll": {
            "id": "5310",
            "question": "Which day?",
            "options": [{"text": "Monday", "voter_count": 0}, {"text": "Friday", "voter_count": 0}],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
        }
    },
}


def media(kind: str, sender: User, caption: str, fields: dict[str, Any]) -> Json:
    """The fields of a message of `kind`; `fields` replaces some inside. Raises `KeyError`."""
    if kind == "contact":
        contact = {"phone_number": "+33 1 99 00 12 34", "user_id": sender.id}
        forms: Json = {"contact": contact | {"first_name": sender.first_name}}
    else:
        forms = dict(_FORMS[kind])
    if fields:
        forms[kind] = forms[kind] | fields
    return forms | {"caption": caption} if caption else forms
