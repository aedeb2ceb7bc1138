"""The table of voices, and who stands in for whom when the engine has other voices."""

from __future__ import annotations

import pytest

from honmono.engines.speech.synthesis.kokoro_voices import kokoro_voice
from honmono.engines.speech.synthesis.said import Voice
from honmono.services.polly.cast import Cast, language_names, voice_ids
from honmono.wire.errors import ServiceError
from honmono.wire.model import load

UNDOCUMENTED = {
    "Arjun", "Carlos", "Carolina", "Curtis", "Hyunduk", "Kenneth", "Kiara", "Leo", "Nate", "Tina",
}  # fmt: skip
"""Ids of the model's that the developer guide's tables do not have: nobody can say what they speak."""


def kokoro() -> list[Voice]:
    named = {name for row in voice_ids().values() for name in row.speaks.values() if name}
    return [voice for name in sorted(named) if (voice := kokoro_voice(name)) is not None]


def test_the_table_has_every_id_of_the_model_whose_language_is_known() -> None:
    model = load("polly")
    assert set(voice_ids()) == set(model.shape("VoiceId").traits["enum"]) - UNDOCUMENTED
    assert {code for row in voice_ids().values() for code in row.speaks} == set(language_names())
    assert set(language_names()) == set(model.shape("LanguageCode").traits["enum"])


def test_a_voice_has_the_gender_and_the_language_of_whom_it_stands_for() -> None:
    voices = {voice.id: voice for voice in kokoro()}
    for row in voice_ids().values():
        for language, name in row.speaks.items():
            if name:
                assert voices[name].gender == row.gender, row.id
                assert voices[name].language.partition("-")[0] == language.partition("-")[0], row.id


def test_the_us_and_british_voices_are_all_different_people() -> None:
    for language in ("en-US", "en-GB", "ja-JP"):
        standing = [row.speaks[language] for row in voice_ids().values() if row.language == language]
        assert len(set(standing)) == len(standing), language


def test_ids_without_a_voice_are_not_listed_and_say_what_to_plug_in() -> None:
    cast = Cast(kokoro())
    listed = {row.id for row in cast.listed()}
    assert {"Joanna", "Takumi", "Zhiyu", "Aditi"} <= listed
    assert not listed & {"Hans", "Vicki", "Astrid", "Mathieu"}
    with pytest.raises(
        ServiceError, match=r"German \(de-DE\), the language of Vicki.*\[engines\.speech-synthesis\]"
    ) as error:
        cast.find("Vicki", None, None)
    assert error.value.code == "LanguageNotSupportedException"


def test_voices_that_were_plugged_in_take_turns_with_the_ids_of_their_language() -> None:
    plugged = [
        Voice("thorsten", "de-DE", "Male", ("standard",), 22_050),
        Voice("kerstin", "de-DE", "Female", ("standard", "neural"), 22_050),
        Voice("eva", "de-DE", "Female", ("standard",), 22_050),
        Voice("joe", "en-US", "Male", ("standard",), 22_050),
    ]
    cast = Cast([*kokoro(), *plugged])
    assert cast.find("Hans", None, None)[0].voice == "thorsten"
    assert {cast.find(each, None, "standard")[0].voice for each in ("Marlene", "Vicki")} == {"kerstin", "eva"}
    assert cast.find("Vicki", None, "neural")[0].voice == "kerstin"
    assert cast.find("Hannah", None, None)[0].reads == "de-DE", "an Austrian, of whom there is none"
    # Who has a voice of the table's keeps it, and gains the plugged one as another engine.
    assert cast.kinds("Matthew", "en-US") == ["standard", "neural"]
    assert cast.find("Matthew", None, "neural")[0].voice == "am_michael"
    assert cast.kinds("Joanna", "en-US") == ["neural"], "joe is a man"
    assert cast.kinds("Russell", "en-AU") == ["neural"], "joe is no Australian, and Russell has a nearer voice"


def test_a_bilingual_voice_speaks_both_languages_and_no_third() -> None:
    cast = Cast(kokoro())
    assert cast.find("Aditi", None, None)[0].reads == "en-GB"
    assert cast.find("Aditi", "hi-IN", None)[0].reads == "hi-IN"
    with pytest.raises(ServiceError, match="it speaks en-IN, hi-IN"):
        cast.find("Aditi", "fr-FR", None)


@pytest.mark.parametrize("kind", ["standard", "long-form", "generative"])
def test_an_engine_that_a_voice_has_not_is_refused(kind: str) -> None:
    with pytest.raises(ServiceError, match=f"does not support the selected engine: {kind}") as error:
        Cast(kokoro()).find("Joanna", None, kind)
    assert error.value.code == "EngineNotSupportedException"
