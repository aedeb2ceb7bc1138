"""The command's messages in Japanese, by their English form."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
}
