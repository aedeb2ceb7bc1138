"""The tables of docs/polly.md: whose voice stands behind each of Polly's ids, and which ids have none."""

from __future__ import annotations

from documentation import blocks
from honmono.engines.speech.synthesis.kokoro_voices import kokoro_voice
from honmono.services.polly.cast import language_names, voice_ids


def render() -> str:
    """A row for each id and language that a voice of Kokoro's speaks."""
    rows = []
    for row in voice_ids().values():
        for language, name in row.speaks.items():
            voice = kokoro_voice(name) if name else None
            if voice is not None:
                accent = "" if voice.language == language else f"the accent is {language_names()[voice.language]}"
                spoken = f"{language_names()[language]} (`{language}`)"
                rows.append([f"`{row.id}`", spoken, row.gender.lower(), f"`{name}`", accent])
    return blocks.table(["Polly's id", "language", "gender", "Kokoro's voice", "beware"], rows)


def voiceless() -> str:
    """A row for each language with ids that nobody stands behind."""
    found: dict[str, list[str]] = {}
    for row in voice_ids().values():
        for language, name in row.speaks.items():
            if not name:
                found.setdefault(language, []).append(f"`{row.id}` ({row.gender.lower()})")
    rows = [[f"{language_names()[code]} (`{code}`)", ", ".join(ids)] for code, ids in found.items()]
    return blocks.table(["language", "ids that are not listed"], rows)
