"""Whether a Japanese sentence is polite (です・ます) or plain, by its last predicate."""

from __future__ import annotations

import re

from training.translation.tokens import FORMAL, INFORMAL

_PARTICLES = r"(?:か|ね|よ|よね|な|わ|が|から|けど|けれど|のに|し|って)*"
_END = r"[。！？\s」』…)）]*$"
_POLITE = re.compile(
    rf"(?:です|でした|でしょう|ます|ました|ません|ませんでした|ましょう|ください|下さい|なさい|ございます){_PARTICLES}{_END}"
)
_PLAIN = re.compile(
    rf"(?:だ|だった|だろう|である|であった|ない|なかった|[うくぐすつぬぶむる]|[ぁ-ん][ただ]|の[か]|[しい]い|たい|らしい|そうだ|ろ|ぞ|ぜ|よう){_PARTICLES}{_END}"
)


def formality(japanese: str) -> str | None:
    """The tag of the sentence's politeness; none where its end does not show it (greetings, names, fragments).

    >>> formality("彼は医者です。"), formality("彼は医者だ。"), formality("おはよう、トム")
    ('<formal>', '<informal>', None)
    """
    if _POLITE.search(japanese):
        return FORMAL
    return INFORMAL if _PLAIN.search(japanese) else None
