"""Whether a text is toxic, and in which way."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from honmono.engines.base import Cost, Engine, UnsupportedLanguage, batched

if TYPE_CHECKING:
    from honmono.engines.text.encoder import Encoder

TYPES = ("PROFANITY", "HATE_SPEECH", "INSULT", "GRAPHIC", "HARASSMENT_OR_ABUSE", "SEXUAL", "VIOLENCE_OR_THREAT")
_OVERALL = "TOXICITY"
_LONGEST = 100_000
"""Characters that are read; whoever has more cuts it up."""


@dataclass(frozen=True, slots=True)
class Toxicity:
    """How likely a text is toxic at all, and by type; each 0 to 1. They need not sum to 1: several may apply.

    Attributes:
        overall: of any kind.
        types: by the names of TYPES, in their order.
    """

    overall: float
    types: dict[str, float]


class ToxicityEngine(Engine):
    """A vector of multilingual-e5-small and what lists and grammars see, mapped to eight scores by one linear layer.

    `head.npz` beside this file holds the map, made by training/toxicity/train.py. A text of several sentences is
    read as a whole and sentence by sentence, and a score's log odds are the mean of those of the whole and of the worst
    sentence: a threat in a friendly page does not drown, nor does one odd sentence speak for the page.
    """

    name = "e5-toxicity"
    version = "1.0"
    licence = "Apache-2.0 (code, trained layer), MIT (multilingual-e5-small, Microsoft; list of profanities, Surge AI)"
    weights = ("e5-small",)
    languages = ("en",)
    quality = (
        "1,961 held-out posts (Davidson and others): abusive or not, F1 .953, AUC .957 (alt-profanity-check .975, .985: "
        "it was trained on these posts); hateful, F1 .42, AUC .85 (.13, .54). 277 held-out beginnings of web text, "
        "against Perspective API's scores: PROFANITY F1 .92 (alt-profanity-check .89), INSULT .80, SEXUAL .74, "
        "HATE_SPEECH .56, VIOLENCE_OR_THREAT .50. HateCheck, whole: F1 .54, AUC .68 (.49, .47); slurs, implied hatred "
        "and disguised words mostly missed, two in five of those who quote hatred to oppose it called hateful. On "
        "sentences of ours alone: GRAPHIC 1.0, HARASSMENT_OR_ABUSE .59. False alarms at .5: sentences that name who "
        "people are .02 (.05), UD English .03 (.015), SST-2 .04 (.03), sentences that only sound bad .10 (.175)"
    )
    cost = Cost(memory_bytes=480 << 20)

    _encoder: Encoder
    _head: dict[str, Any]

    def load(self) -> None:
        """See `Engine.load`. The first call on a machine converts the weights, which takes two seconds."""
        import numpy as np

        from honmono.engines.text.encoder import Encoder
        from honmono.engines.text.toxicity.signs import NAMES

        self._encoder = Encoder.from_cache(self.cache)
        with resources.as_file(resources.files(__package__) / "head.npz") as path, np.load(path) as arrays:
            self._head = {name: arrays[name] for name in arrays.files}
        if tuple(self._head["sign_names"].tolist()) != NAMES:
            raise ValueError("head.npz was trained on other signs: run training/toxicity/train.py again")

    @batched(max_size=16, max_wait_ms=1)
    def judge(self, texts: list[str], languages: list[str]) -> list[Toxicity]:
        """How toxic each text is, given its language.

        Raises:
            UnsupportedLanguage: the language is none of `languages`.
        """
        for language in languages:
            if language not in self.languages:
                raise UnsupportedLanguage(
                    language, self.languages, "plug in a toxicity engine that was trained on it ([engines.toxicity])"
                )
        return [self._toxicity(text) for text in texts]

    def _toxicity(self, text: str) -> Toxicity:
        import numpy as np

        from honmono.engines.text.toxicity.reading import cleaned, parts
        from honmono.engines.text.toxicity.signs import signs

        read = parts(cleaned(text[:_LONGEST]))
        vectors, seen = self._encoder.encode(read), np.array([signs(part) for part in read], np.float32)
        odds = vectors @ self._head["vector"].T + seen @ self._head["signs"].T + self._head["bias"]
        joined = (odds[0] + (odds[1:] if len(read) > 1 else odds).max(axis=0)).astype(np.float64) / 2
        scores = dict(zip(self._head["labels"].tolist(), (1 / (1 + np.exp(-joined))).tolist(), strict=True))
        return Toxicity(scores[_OVERALL], {name: scores[name] for name in TYPES})
