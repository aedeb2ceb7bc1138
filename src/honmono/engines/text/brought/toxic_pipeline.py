"""The engine `hf-pipeline` for toxicity: a `text-classification` model whose labels are kinds of it."""

from __future__ import annotations

from honmono.engines.base import batched
from honmono.engines.text.brought.heads import Head
from honmono.engines.text.brought.options import ModelOptions, check_languages, misconfigured
from honmono.engines.text.brought.pipelines import Pipeline
from honmono.engines.text.toxicity import TYPES, Toxicity

_OVERALL = "TOXICITY"
_NAMES = {
    _OVERALL: "TOXIC TOXICITY SEVERE_TOXIC SEVERE_TOXICITY OFFENSIVE",
    "PROFANITY": "PROFANITY OBSCENE OBSCENITY SWEARING",
    "HATE_SPEECH": "HATE_SPEECH HATE HATEFUL IDENTITY_HATE IDENTITY_ATTACK",
    "INSULT": "INSULT INSULTS",
    "GRAPHIC": "GRAPHIC GORE",
    "HARASSMENT_OR_ABUSE": "HARASSMENT_OR_ABUSE HARASSMENT ABUSE ABUSIVE BULLYING",
    "SEXUAL": "SEXUAL SEXUAL_EXPLICIT SEXUALLY_EXPLICIT",
    "VIOLENCE_OR_THREAT": "VIOLENCE_OR_THREAT VIOLENCE THREAT THREATENING",
    "": "NEUTRAL NON_TOXIC NOT_TOXIC NONTOXIC NORMAL CLEAN SAFE NOT_HATE NON_HATE",
}
_WORDS = {name: word for word, names in _NAMES.items() for name in names.split()}


def usual_toxicity(label: str) -> str | None:
    """AWS's type, TOXICITY for a label that is toxicity of any kind, "" for one that is none."""
    return _WORDS.get(label.strip().upper().replace(" ", "_").replace("-", "_"))


class PipelineToxicity(Pipeline):
    """A type is as likely as the likeliest of its labels; a type without label has the score 0. The whole is what the
    labels say that mean toxicity of any kind, else the likeliest type."""

    _field = "toxicity"
    _vocabulary = (_OVERALL, *TYPES)
    _per_token = False
    _usual = staticmethod(usual_toxicity)

    @classmethod
    def _words(cls, given: ModelOptions, head: Head) -> dict[str, str]:
        words = super()._words(given, head)
        if not any(words.values()):
            raise misconfigured(cls.name, cls._field, "none of the model's labels is a kind of toxicity")
        return words

    @batched(max_size=16, max_wait_ms=1)
    def judge(self, texts: list[str], languages: list[str]) -> list[Toxicity]:
        """As `ToxicityEngine.judge`."""
        check_languages(languages, self._languages)
        return [self._toxicity(text) for text in texts]

    def _toxicity(self, text: str) -> Toxicity:
        likeliest = dict.fromkeys(self._vocabulary, 0.0)
        for label, probability in zip(self._head.labels, self._classifier.probabilities(text), strict=True):
            if word := self._labels[label]:
                likeliest[word] = max(likeliest[word], float(probability))
        types = {name: likeliest[name] for name in TYPES}
        has_overall = _OVERALL in self._labels.values()
        return Toxicity(likeliest[_OVERALL] if has_overall else max(types.values()), types)
