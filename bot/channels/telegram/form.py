"""A form with a file, as multipart/form-data (RFC 7578): how files reach the Bot API."""

import secrets

__all__ = ["Form"]


class Form:
    """Fields of text; names and texts are ours, without quotes in names. `kind` is its type."""

    def __init__(self, fields: dict[str, str]) -> None:
        self._fields = fields
        self._boundary = f"passerelle-{secrets.token_hex(16)}"

    @property
    def kind(self) -> str:
        """The content type of a request with this form."""
        return f"multipart/form-data; boundary={self._boundary}"

    def with_file(self, field: str, name: str, kind: str, content: bytes) -> bytes:
        """The body, with the file `content` called `name` in `field`."""
        edge = f"--{self._boundary}\r\n".encode()
        parts = [
            edge + f'Content-Disposition: form-data; name="{key}"\r\n\r\n{text}\r\n'.encode()
            for key, text in self._fields.items()
        ]
        head = (
            f'Content-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
            f"Content-Type: {kind}\r\n\r\n"
        )
        end = f"\r\n--{self._boundary}--\r\n".encode()
        return b"".join([*parts, edge, head.encode(), content, end])
