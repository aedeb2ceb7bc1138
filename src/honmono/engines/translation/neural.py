"""Neural models in CTranslate2's format, with the SentencePiece model beside them: OPUS-MT, NLLB, M2M-100 and our own.

How a model is told the languages differs, and the settings say it:

- `pair`: it knows one direction, `source` to `target` (OPUS-MT);
- `prefix`: the source text begins with the source language's token, the translation with the target's (NLLB, M2M-100);
- `tag`: the source text begins with the target language's token (ours; OPUS-MT's models of many languages).

`languages` maps AWS's codes to the model's tokens: `{ en = "eng_Latn", ja = "jpn_Jpan" }`.

Source: Klein et al., Efficient and high-quality neural machine translation with OpenNMT, 2020 (CTranslate2).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from honmono.engines.errors import EngineUnavailable

Kind = Literal["pair", "prefix", "tag"]

_BEAM = 4
_BATCH_TOKENS = 2048
_LONGEST = 256
"""Tokens of a translated sentence."""
_JOINT = ("sentencepiece.model", "sentencepiece.bpe.model", "spm.model", "spm.128k.model", "source.spm")
_END = "</s>"


@dataclass(frozen=True, slots=True)
class Model:
    """A model's place and what it knows.

    Attributes:
        name: for people, and in `Translation.steps`.
        path: its directory.
        kind: see the module.
        pairs: the directions it is used for, in AWS's codes.
        tokens: AWS's code of a language to the model's token of it.
    """

    name: str
    path: Path
    kind: Kind
    pairs: tuple[tuple[str, str], ...]
    tokens: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_settings(cls, entry: Mapping[str, Any]) -> Model:
        """From an entry of `[engines.translation] models`.

        Raises:
            EngineUnavailable: it is not complete.
        """
        try:
            path = Path(entry["path"]).expanduser()
            kind = entry.get("kind", "pair")
            if kind == "pair":
                return cls(path.name, path, "pair", ((entry["source"], entry["target"]),))
            if kind not in ("prefix", "tag"):
                raise EngineUnavailable("ctranslate2", f"models: kind is {kind!r}; there are pair, prefix and tag")
            tokens = {str(code): str(token) for code, token in entry["languages"].items()}
            pairs = tuple((one, other) for one in tokens for other in tokens if one != other)
            return cls(path.name, path, kind, pairs, tokens)
        except KeyError as error:
            raise EngineUnavailable("ctranslate2", f"models: an entry lacks {error} (see docs/translate.md)") from error


class Translator:
    """A loaded model. Safe to call from many threads."""

    def __init__(self, model: Model, device: str = "cpu", threads: int = 1) -> None:
        """Load it.

        Raises:
            EngineUnavailable: a package or a file is missing, or cannot be read.
        """
        try:
            import ctranslate2
            import sentencepiece
        except ImportError as error:
            raise EngineUnavailable("ctranslate2", f"models need the extra `translation`: {error}") from error
        self.model = model
        folder = model.path
        source = next((folder / name for name in _JOINT if (folder / name).is_file()), None)
        if source is None or not (folder / "model.bin").is_file():
            raise EngineUnavailable("ctranslate2", f"{folder} lacks model.bin or a SentencePiece model")
        target = folder / "target.spm" if (folder / "target.spm").is_file() else source
        try:
            self._encoder = sentencepiece.SentencePieceProcessor(model_file=str(source))
            self._decoder = sentencepiece.SentencePieceProcessor(model_file=str(target))
            kind = "int8" if device == "cpu" else "int8_float16"
            self._translator = ctranslate2.Translator(
                str(folder), device=device, compute_type=kind, inter_threads=1, intra_threads=threads
            )
            config = folder / "config.json"
            described = json.loads(config.read_text()) if config.is_file() else {}
        except (RuntimeError, OSError, ValueError) as error:
            raise EngineUnavailable("ctranslate2", f"{folder} cannot be loaded: {error}") from error
        self._adds_end = bool(described.get("add_source_eos"))

    def translate(self, sentences: list[str], source: str, target: str) -> list[str]:
        """Translate sentences, in batches."""
        tokens = self.model.tokens
        begin = {"pair": [], "prefix": [tokens.get(source, "")], "tag": [tokens.get(target, "")]}[self.model.kind]
        end = [] if self._adds_end else [_END]
        pieces = [[*begin, *self._encoder.encode(sentence, out_type=str), *end] for sentence in sentences]
        prefix = [[tokens[target]]] * len(pieces) if self.model.kind == "prefix" else None
        results = self._translator.translate_batch(
            pieces,
            target_prefix=prefix,
            beam_size=_BEAM,
            max_batch_size=_BATCH_TOKENS,
            batch_type="tokens",
            max_decoding_length=_LONGEST,
        )
        made = []
        for result in results:
            found = result.hypotheses[0]
            made.append(str(self._decoder.decode(found[1:] if prefix else found)))
        return made
