"""A form with a file, read back by a parser that is not ours."""

from email.parser import BytesParser
from email.policy import HTTP

import pytest

from bot.channels.telegram.form import Form


@pytest.mark.parametrize("content", [b"%PDF", bytes(range(256)) * 40, b"--\r\n\r\n--", b""])
def test_fields_and_file_arrive_as_they_are(content: bytes) -> None:
    """Whatever the file holds, accents in a text included."""
    form = Form({"chat_id": "5", "caption": "Voici le fichier, à côté."})
    body = form.with_file("document", "Passerelle.pdf", "application/pdf", content)
    message = BytesParser(policy=HTTP).parsebytes(
        f"Content-Type: {form.kind}\r\n\r\n".encode() + body
    )
    chat, caption, file = message.iter_parts()

    assert b"5" == chat.get_payload(decode=True)
    assert "Voici le fichier, à côté.".encode() == caption.get_payload(decode=True)
    assert content == file.get_payload(decode=True)
    assert "application/pdf" == file.get_content_type()
    assert "Passerelle.pdf" == file.get_filename()
    assert "document" == file.get_param("name", header="content-disposition")


def test_each_form_has_its_own_edge() -> None:
    """So that no file can hold it."""
    assert Form({}).kind != Form({}).kind
