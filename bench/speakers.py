"""Who speaks when: the engine beside windows of fixed length and k-means that is told the number of speakers.

python bench/speakers.py --data DIR        (or HONMONO_SPEAKERS=DIR)

DIR holds `sample.wav` and `sample.rttm` of the package pyannote.audio 4.0.7: thirty seconds of a real telephone call. The
other conversations are composed of Kokoro's voices, one to four of them, as bench/conversations/plan.py plans; the hash of
the plan was written down before the first measurement, and the voices are others than those that the engine's settings
were chosen on. What was spoken for them is kept in a temporary folder.

The peer has the same voice activity and the same network. It takes windows of 1.6 s every 0.8 s through speech and
silence alike, is told the number of speakers, and gives every moment to the nearest window's cluster.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from sklearn.cluster import KMeans

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.conversations.plan import EVALUATION_DIGEST, RECORDED, digest, evaluation
from bench.conversations.scoring import NONE, Errors, Spoken, errors
from bench.conversations.sound import RATE, compose, read

from honmono.engines.speech.kokoro import Kokoro
from honmono.engines.speech.speakers.diarization import DiarizationEngine, Turn
from honmono.engines.speech.speakers.encoder import SpeakerEncoder, loudness
from honmono.weights import Cache

RESULTS = Path(__file__).parent / "results" / "speakers.json"
KEPT = Path(tempfile.gettempdir()) / "honmono-conversations"
MOST = 10


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("HONMONO_SPEAKERS"))
    parser.add_argument("--kept", type=Path, default=KEPT, help="where spoken sentences are kept")
    parser.add_argument("--spoken", action="store_true", help="only conversations whose sentences are kept already")
    parser.add_argument("--hour", action="store_true", help="measure time and memory on an hour of speech too")
    arguments = parser.parse_args()
    if arguments.data is None:
        parser.error("say where the recorded call is: --data DIR")
    for name, expected in RECORDED.items():
        found = hashlib.sha256((Path(arguments.data) / name).read_bytes()).hexdigest()
        if found != expected:
            parser.error(f"{name} has sha256 {found}, not {expected}: another file")
    planned = evaluation()
    if digest(planned) != EVALUATION_DIGEST:
        parser.error("the plan of the conversations is another than the one that was written down")
    arguments.kept.mkdir(parents=True, exist_ok=True)
    cache = Cache()
    engine, peer = DiarizationEngine(cache), Peer(cache)
    engine.load()
    report: dict[str, object] = {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "load": round(os.getloadavg()[0], 2)},
        "engine": engine.info().identity,
        "plan": EVALUATION_DIGEST,
        "call": recorded(engine, peer, Path(arguments.data)),
        "composed": composed(engine, peer, Kokoro(cache), arguments.kept, arguments.spoken),
    }
    if arguments.hour:
        report["hour"] = hour(engine, arguments.kept)
    RESULTS.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0


class Peer:
    """Windows of fixed length and k-means."""

    def __init__(self, cache: Cache) -> None:
        self._encoder = SpeakerEncoder(cache)

    def turns(self, samples: np.ndarray, stretches: list[tuple[float, float]], speakers: int) -> Spoken:
        spoken = np.zeros(len(samples), bool)
        for begin, end in stretches:
            spoken[int(begin * RATE) : int(end * RATE)] = True
        frames = self._encoder.frames(samples * np.float32(loudness(samples, spoken)))
        begins = list(range(0, max(1, len(frames) - 160), 80))
        vectors = self._encoder.embed(frames, [(begin, begin + 160) for begin in begins])
        labels = KMeans(speakers, n_init=10, random_state=0).fit_predict(vectors)
        found: Spoken = []
        for begin, end in stretches:
            at = begin
            while at < end - 1e-6:
                nearest = min(len(begins) - 1, max(0, round((at - 0.8) / 0.8)))
                until = min(end, max(at + 0.01, 0.8 * nearest + 1.2))
                found.append((at, until, str(labels[nearest])))
                at = until
        return found


def recorded(engine: DiarizationEngine, peer: Peer, folder: Path) -> dict[str, object]:
    """The real call."""
    samples = read(folder / "sample.wav")
    reference: Spoken = []
    for line in (folder / "sample.rttm").read_text("utf-8").splitlines():
        fields = line.split()
        reference.append((float(fields[3]), float(fields[3]) + float(fields[4]), fields[7]))
    voices = engine.listen(samples)
    told, guessed = engine.assign([voices], [0.0], 2), engine.assign([voices], [0.0], MOST)
    print("Recorded call, two speakers")
    return {
        "told two": shown("told at most 2", errors(reference, spoken(told))),
        "told ten": shown(f"told at most {MOST}", errors(reference, spoken(guessed))),
        "speakers of ten": number(guessed),
        "peer told two": shown("peer, told 2", errors(reference, peer.turns(samples, list(map(tuple, voices[0])), 2))),
    }


def composed(engine: DiarizationEngine, peer: Peer, kokoro: Kokoro, kept: Path, spoken_only: bool) -> dict[str, object]:
    """The composed conversations."""
    totals = {name: dict.fromkeys((1, 2, 3, 4), NONE) for name in ("told", "guessed", "peer")}
    counted: dict[str, int] = {}
    seconds = cpu = 0.0
    for conversation in evaluation():
        if spoken_only and not all(
            (kept / f"{turn.voice}-{sentence}.wav").exists()
            for turn in conversation.turns
            for sentence in turn.sentences
        ):
            continue
        samples, reference = compose(conversation, kokoro, kept)
        count = len({voice for _, _, voice in reference})
        began = time.process_time()
        voices = engine.listen(samples)
        guessed = engine.assign([voices], [0.0], MOST)
        cpu += time.process_time() - began
        seconds += len(samples) / RATE
        totals["guessed"][count] += errors(reference, spoken(guessed))
        totals["told"][count] += errors(reference, spoken(engine.assign([voices], [0.0], max(2, count))))
        totals["peer"][count] += errors(reference, peer.turns(samples, list(map(tuple, voices[0])), count))
        counted[conversation.name] = number(guessed)
    report: dict[str, object] = {
        "conversations": len(counted),
        "planned": len(evaluation()),
        "seconds": round(seconds, 1),
    }
    for name, label in (
        ("guessed", f"told at most {MOST}"),
        ("told", "told at most as many as there are, 2 for 1"),
        ("peer", "peer, told as many as there are"),
    ):
        print(f"Composed, {label}")
        whole = NONE
        rows: dict[str, object] = {}
        for count, found in totals[name].items():
            rows[f"{count} speakers"] = shown(f"  {count} speakers", found)
            whole += found
        rows["all"] = shown("  all", whole)
        report[name] = rows
    right = sum(name.startswith(str(found)) for name, found in counted.items())
    print(f"number of speakers right in {right} of {len(counted)}; {cpu / seconds:.3f} CPU-s a second of sound")
    report |= {"number right": right, "numbers": counted, "cpu seconds a second": round(cpu / seconds, 4)}
    return report


def hour(engine: DiarizationEngine, kept: Path) -> dict[str, float]:
    """Time and memory on an hour: the kept sentences of twelve voices, one after the other, again and again."""
    import resource

    sentences = [read(path) for path in sorted(kept.glob("*.wav"))[::3]]
    cpu, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    voices, begins, at, number_said = [], [], 0.0, 0
    while at < 3600:
        piece: list[np.ndarray] = []
        while sum(map(len, piece)) < 300 * RATE:
            piece += [sentences[number_said % len(sentences)], np.zeros(RATE // 2, np.float32)]
            number_said += 1
        joined = np.concatenate(piece)
        voices.append(engine.listen(joined))
        begins.append(at)
        at += len(joined) / RATE
    listened = time.process_time() - cpu
    engine.assign(voices, begins, MOST)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = {
        "seconds": round(at, 1),
        "listening cpu seconds": round(listened, 1),
        "assigning cpu seconds": round(time.process_time() - cpu - listened, 1),
        "megabytes more": round((peak - before) / 1024, 1),
    }
    print(f"An hour: {found}")
    return found


def spoken(turns: list[Turn]) -> Spoken:
    return [(turn.begin, turn.end, str(turn.speaker)) for turn in turns]


def number(turns: list[Turn]) -> int:
    return len({turn.speaker for turn in turns})


def shown(label: str, found: Errors) -> dict[str, float]:
    share = found.single_right / found.single
    print(
        f"  {label:40} error {found.rate:.3f} (missed {found.missed / found.speech:.3f}, false alarm "
        f"{found.false_alarm / found.speech:.3f}, confused {found.confused / found.speech:.3f}); single-speaker time right "
        f"{share:.3f}"
    )
    return {
        "error": round(found.rate, 4),
        "missed": round(found.missed / found.speech, 4),
        "false alarm": round(found.false_alarm / found.speech, 4),
        "confused": round(found.confused / found.speech, 4),
        "single-speaker time right": round(share, 4),
    }


if __name__ == "__main__":
    raise SystemExit(main())
