"""Who said what, in a transcript. Source: "Partitioning speakers (diarization)" in the Transcribe developer guide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from honmono.services.transcribe.hearing import RATE
from honmono.services.transcribe.transcript import Item, Passage

if TYPE_CHECKING:
    from honmono.engines.speech.audio import AudioFile
    from honmono.engines.speech.speakers.diarization import DiarizationEngine, Turn

FIELD = "speaker-diarization"


def speakers_of(audio: AudioFile, engine: DiarizationEngine, most: int, passages: Iterable[Passage]) -> list[Turn]:
    """Who speaks when in a recording, whose words are known; it is listened to piece by piece."""
    from honmono.engines.speech.pieces import pieces

    voices, begins, at = [], [], 0
    for piece in pieces(audio.blocks(RATE)):
        voices.append(engine.listen(piece.mean(axis=0)))
        begins.append(at / RATE)
        at += piece.shape[1]
    words = [_times(item) for passage in passages for item in passage.items if "start_time" in item]
    return engine.assign(voices, begins, most, words)


def by_speaker(passages: Iterable[Passage], turns: list[Turn]) -> list[Passage]:
    """The passages, each item labelled with who said it, and cut where somebody else goes on.

    A word is whose turn it shares most time with; without such a turn, whose is nearest. A mark is its word's.
    """
    labelled: list[Passage] = []
    for passage in passages:
        parts: list[tuple[str, list[Item]]] = []
        first = next((item for item in passage.items if "start_time" in item), None)
        label = _label(first, turns) if first else "spk_0"
        for item in passage.items:
            if "start_time" in item:
                label = _label(item, turns)
            if not parts or parts[-1][0] != label:
                parts.append((label, []))
            parts[-1][1].append({**item, "speaker_label": label})
        # What else a passage may say is said of the whole of it.
        alternatives = passage.alternatives if len(parts) == 1 else []
        labelled += [
            Passage(items, passage.channel, passage.language, passage.code, alternatives) for _, items in parts
        ]
    return labelled


def speaker_labels(passages: Iterable[Passage]) -> Item:
    """The member `speaker_labels` of labelled passages."""
    segments = []
    for passage in sorted(passages, key=lambda each: each.begin):
        words = [item for item in passage.items if "start_time" in item]
        if words:
            label = words[0]["speaker_label"]
            items = [
                {"speaker_label": label, "start_time": item["start_time"], "end_time": item["end_time"]}
                for item in words
            ]
            segments.append(
                {
                    "start_time": words[0]["start_time"],
                    "end_time": words[-1]["end_time"],
                    "speaker_label": label,
                    "items": items,
                }
            )
    speakers = len({segment["speaker_label"] for segment in segments})
    return {"segments": segments, "channel_label": "ch_0", "speakers": speakers}


def _label(item: Item, turns: list[Turn]) -> str:
    begin, end = _times(item)

    def fit(turn: Turn) -> float:
        # The time that both share; below zero, the time between them.
        return min(end, turn.end) - max(begin, turn.begin)

    return f"spk_{max(turns, key=fit).speaker}" if turns else "spk_0"


def _times(item: Item) -> tuple[float, float]:
    return float(item["start_time"]), float(item["end_time"])
