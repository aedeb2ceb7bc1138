"""SSML 1.1 as Polly takes it: elements become styles, pauses and marks.

What the neural engine refuses is what Polly's refuses: emphasis, breaths, pitch, a longest duration, whispering, a soft
phonation and another vocal tract (Amazon Polly Developer Guide, "Supported SSML tags").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from honmono.engines.speech.reading import pauses, prosody
from honmono.engines.speech.reading.errors import INVALID_SSML, UNSUPPORTED_FOR_ENGINE, ReadingError
from honmono.engines.speech.reading.markup import Characters, Closing, Opening, parse
from honmono.engines.speech.reading.phonetics import check_ipa, from_x_sampa
from honmono.engines.speech.reading.say_as import FORMATS, KINDS
from honmono.engines.speech.reading.source import Bound, Break, Item, Stretch, Whole
from honmono.engines.speech.utterance import Mark, Pause, Style

_T = TypeVar("_T")
TROUBLE = "Invalid SSML request"
REFUSED = "This voice does not support one of the used SSML features"
LANGUAGES = frozenset(
    (
        "arb cmn-CN cy-GB da-DK de-DE en-AU en-GB en-GB-WLS en-IN en-US es-ES es-MX es-US fr-CA fr-FR is-IS "
        "it-IT ja-JP hi-IN ko-KR nb-NO nl-NL pl-PL pt-BR pt-PT ro-RO ru-RU sv-SE tr-TR en-NZ en-ZA ca-ES "
        "de-AT yue-CN ar-AE fi-FI en-IE nl-BE fr-BE cs-CZ de-CH en-SG"
    ).split()
)
"""Polly's LanguageCode."""
LONGEST_BREAK = 10.0
_EMPHASIS = {"strong": 2, "moderate": 1, "none": 0, "reduced": -1}
_ROLES = frozenset("VB VBD DT IN JJ NN DEFAULT SENSE_1".split())
_TEXT_ONLY = frozenset({"sub", "phoneme", "say-as", "w"})
_CANNOT = {
    "x-amazon-pinyin": "no voice here speaks Mandarin from pinyin",
    "x-amazon-jyutping": "no voice here speaks Cantonese from jyutping",
}


@dataclass(frozen=True, slots=True)
class _Element:
    """An open element, and what holds within it."""

    name: str
    style: Style
    whole: Whole | None = None


def items(document: bytes, language: str, neural: bool) -> list[Item]:
    """What the document asks to be said, in order.

    Args:
        document: UTF-8.
        language: the voice's.
        neural: whether the engine is the neural one, which refuses some elements.

    Raises:
        ReadingError: InvalidSsml, or UnsupportedForEngine.
    """
    return _Reader(document, language, neural).read()


class _Reader:
    def __init__(self, document: bytes, language: str, neural: bool) -> None:
        self._events = parse(document, INVALID_SSML, TROUBLE)
        self._language, self._neural = language, neural
        self._open: list[_Element] = []
        self._items: list[Item] = []
        self._tag: Opening
        self._elements: dict[str, Callable[[Style], _Element]] = {
            "speak": self._nothing_new,
            "p": self._bounded,
            "s": self._bounded,
            "break": self._break,
            "mark": self._mark,
            "emphasis": self._emphasis,
            "lang": self._lang,
            "phoneme": self._phoneme,
            "prosody": self._prosody,
            "say-as": self._say_as,
            "sub": self._sub,
            "w": self._word,
            "amazon:effect": self._effect,
            "amazon:domain": self._domain,
            "amazon:breath": self._breath,
            "amazon:auto-breaths": self._breath,
        }

    def read(self) -> list[Item]:
        for event in self._events:
            if isinstance(event, Opening):
                self._enter(event)
            elif isinstance(event, Closing):
                self._leave()
            else:
                self._text(event)
        return self._items

    def _enter(self, tag: Opening) -> None:
        self._tag = tag
        name = tag.name
        enter = self._elements.get(name)
        if enter is None:
            raise self._invalid(f"there is no element <{name}>")
        if (name == "speak") == bool(self._open):
            raise self._invalid("<speak> encloses everything, once")
        within = self._open[-1].name if self._open else ""
        if within in _TEXT_ONLY or within in ("break", "mark"):
            raise self._invalid(f"<{name}> may not stand in <{within}>")
        style = self._open[-1].style if self._open else Style(self._language)
        self._open.append(enter(style))

    def _leave(self) -> None:
        name = self._open.pop().name
        if name in ("p", "s"):
            self._items.append(Bound(paragraph=name == "p"))

    def _text(self, text: Characters) -> None:
        element = self._open[-1]
        if element.name in ("break", "mark") and text.text.strip():
            raise self._invalid(f"<{element.name}> is empty")
        self._items.append(Stretch(text.text, text.begins, text.ends, element.style, element.whole))

    def _nothing_new(self, style: Style) -> _Element:
        # Its xml:lang is the document's: the voice speaks its own language outside <lang>.
        self._attributes("version", "onlangfailure")
        return _Element("speak", style)

    def _bounded(self, style: Style) -> _Element:
        name = self._tag.name
        self._attributes()
        if any(element.name in (name, "s") for element in self._open):
            raise self._invalid(f"<{name}> may not stand in <{'s' if name == 'p' else name}>")
        self._items.append(Bound(paragraph=False))
        return _Element(name, style)

    def _break(self, style: Style) -> _Element:
        attributes = self._attributes("strength", "time")
        if "strength" in attributes:
            strength = self._one_of(attributes, "strength", pauses.BY_STRENGTH)
            length: float | None = pauses.BY_STRENGTH[strength]
        else:
            length = None
        if "time" in attributes:
            length = self._value(prosody.seconds, attributes["time"])
            if length > LONGEST_BREAK:
                raise self._invalid(f"a break lasts at most {LONGEST_BREAK:g}s")
        self._items.append(Break(length) if length is None else Pause(length))
        return _Element("break", style)

    def _mark(self, style: Style) -> _Element:
        name = self._needed(self._attributes("name"), "name")
        self._items.append(Mark(name, self._tag.begin, self._tag.end))
        return _Element("mark", style)

    def _emphasis(self, style: Style) -> _Element:
        attributes = self._attributes("level")
        level = self._one_of(attributes, "level", _EMPHASIS) if "level" in attributes else "moderate"
        self._only_standard("emphasis")
        return _Element("emphasis", replace(style, emphasis=_EMPHASIS[level]))

    def _lang(self, style: Style) -> _Element:
        language = self._needed(self._attributes(), "xml:lang")
        if language not in LANGUAGES:
            raise self._invalid(f"xml:lang: '{language}' is no language of Polly's")
        return _Element("lang", replace(style, language=language))

    def _phoneme(self, style: Style) -> _Element:
        attributes = self._attributes("alphabet", "ph")
        sounds, alphabet = self._needed(attributes, "ph"), attributes.get("alphabet", "ipa")
        if alphabet in _CANNOT:
            raise self._unsupported(f"{alphabet}: {_CANNOT[alphabet]}")
        if alphabet in ("x-amazon-yomigana", "x-amazon-pron-kana"):
            whole = Whole(kana=sounds.replace("'", ""))
        elif alphabet == "x-sampa":
            whole = Whole(ipa=self._value(from_x_sampa, sounds))
        elif alphabet == "ipa":
            whole = Whole(ipa=self._value(check_ipa, sounds))
        else:
            raise self._invalid(f"alphabet: '{alphabet}' is none of ipa, x-sampa")
        return _Element("phoneme", style, whole)

    def _prosody(self, style: Style) -> _Element:
        attributes = self._attributes("rate", "pitch", "volume", "amazon:max-duration")
        if not attributes:
            raise self._invalid("<prosody> needs rate, pitch or volume")
        if "rate" in attributes:
            rate = self._value(lambda value: prosody.rate(value, style.rate), attributes["rate"])
            style = replace(style, rate=rate)
        if "volume" in attributes:
            volume = self._value(lambda value: prosody.volume(value, style.volume), attributes["volume"])
            style = replace(style, volume=volume)
        if "pitch" in attributes:
            pitch = self._value(lambda value: prosody.pitch(value, style.pitch), attributes["pitch"])
            self._only_standard("prosody pitch")
            style = replace(style, pitch=pitch)
        if "amazon:max-duration" in attributes:
            self._value(prosody.seconds, attributes["amazon:max-duration"])
            raise self._unsupported("prosody amazon:max-duration: no engine here fits speech into a time")
        return _Element("prosody", style)

    def _say_as(self, style: Style) -> _Element:
        attributes = self._attributes("interpret-as", "format", "detail")
        self._needed(attributes, "interpret-as")
        kind = self._one_of(attributes, "interpret-as", KINDS)
        form = attributes.get("format", "")
        if kind == "date" and form and form not in FORMATS:
            raise self._invalid(f"format: '{form}' is none of {', '.join(FORMATS)}")
        if kind == "expletive":
            style = replace(style, effects=(*style.effects, "expletive"))
        return _Element("say-as", style, Whole(interpret_as=kind, form=form))

    def _sub(self, style: Style) -> _Element:
        return _Element("sub", style, Whole(alias=self._needed(self._attributes("alias"), "alias")))

    def _word(self, style: Style) -> _Element:
        role = self._needed(self._attributes("role"), "role")
        if role.partition(":")[0] not in ("amazon", "ivona") or role.partition(":")[2] not in _ROLES:
            raise self._invalid(f"role: '{role}' is none of {', '.join(f'amazon:{one}' for one in sorted(_ROLES))}")
        return _Element("w", style, Whole(role=role))

    def _effect(self, style: Style) -> _Element:
        attributes = self._attributes("name", "phonation", "vocal-tract-length")
        if not attributes:
            raise self._invalid("<amazon:effect> needs name, phonation or vocal-tract-length")
        effects = style.effects
        if "name" in attributes:
            name = self._one_of(attributes, "name", ("whispered", "drc"))
            if name == "whispered":
                self._only_standard("amazon:effect whispered")
            effects = (*effects, name)
        if "phonation" in attributes:
            self._one_of(attributes, "phonation", ("soft",))
            self._only_standard("amazon:effect phonation")
            effects = (*effects, "soft")
        if "vocal-tract-length" in attributes:
            length = self._value(prosody.tract_length, attributes["vocal-tract-length"])
            self._only_standard("amazon:effect vocal-tract-length")
            effects = (*effects, f"vocal-tract-length:{length}")
        return _Element("amazon:effect", replace(style, effects=effects))

    def _domain(self, _: Style) -> _Element:
        name = self._needed(self._attributes("name"), "name")
        raise self._unsupported(f"amazon:domain: no voice here speaks in the style '{name}'")

    def _breath(self, _: Style) -> _Element:
        self._attributes("duration", "volume", "frequency")
        raise self._unsupported(f"{self._tag.name}: no voice here breathes")

    def _attributes(self, *allowed: str) -> dict[str, str]:
        """The tag's, without XML's own declarations; xml:lang and its like may stand anywhere."""
        given = {
            name: value
            for name, value in self._tag.attributes.items()
            if not (name == "xmlns" or name.startswith(("xmlns:", "xsi:")))
        }
        for name in given:
            if name not in allowed and name not in ("xml:lang", "xml:base", "xml:id", "xml:space"):
                raise self._invalid(f"<{self._tag.name}> has no attribute {name}")
        return given

    def _needed(self, attributes: dict[str, str], name: str) -> str:
        if not attributes.get(name, "").strip():
            raise self._invalid(f"<{self._tag.name}> needs the attribute {name}")
        return attributes[name]

    def _one_of(self, attributes: dict[str, str], name: str, values: object) -> str:
        value = attributes[name]
        if isinstance(values, (dict, tuple, frozenset)) and value in values:
            return value
        raise self._invalid(f"{name}: '{value}' is not known in <{self._tag.name}>")

    def _value(self, read: Callable[[str], _T], value: str) -> _T:
        try:
            return read(value)
        except ValueError as error:
            raise self._invalid(str(error)) from None

    def _only_standard(self, feature: str) -> None:
        if self._neural:
            raise self._unsupported(f"{feature} is the standard engine's")

    def _unsupported(self, reason: str) -> ReadingError:
        return ReadingError(UNSUPPORTED_FOR_ENGINE, f"{REFUSED}: {reason}", self._tag.line, self._tag.column)

    def _invalid(self, reason: str) -> ReadingError:
        return ReadingError(INVALID_SSML, f"{TROUBLE}: {reason}", self._tag.line, self._tag.column)
