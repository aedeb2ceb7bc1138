"""Portuguese, of Brazil and of Portugal: rules for the sounds, where the stress lies by the spelling."""

from __future__ import annotations

import re
from collections.abc import Sequence

from honmono.engines.speech.phonemes.reader import Rules, letters_of, parts
from honmono.engines.speech.utterance import Word

_VOWELS = "aeiouáàâãéêíóôõúü"
_RULES = Rules(
    """
    <ch> = ʃ
    <lh> = lj
    <nh> = ɲ
    <rr> = x
    #<r> = x
    [nls]<r> = x
    C<r>V = r
    <r>V = ɾ
    <r># = r
    <r> = ɾə
    <ss> = s
    <sç> = s
    <sc>[eiéêí] = s
    <xc>[eiéêí] = s
    V<s>V = z
    <s>[bdgvmnlr] = z
    <s> = s
    <ç> = s
    <cç> = ks
    <cc>[eiéêí] = ks
    <c>[eiéêí] = s
    <c> = k
    <qu>[eiéêí] = k
    <qü> = kw
    <qu> = kw
    <q> = k
    <gu>[eiéêí] = ɡ
    <gü> = ɡw
    <gu>[aáâãoóô] = ɡw
    <g>[eiéêí] = ʒ
    <g> = ɡ
    <j> = ʒ
    <h> =
    <ph> = f
    #e<x>V = z
    #hexa<x> = ks
    <ft>i[x] = ks
    <x>[ptc] = s
    #<x> = ʃ
    <x># = ks
    <x> = ʃ
    <z># = s
    <z> = z
    <l># = ʊ
    <l>[bcdfgjkmnpqrstvxz] = ʊ
    <l> = l
    <k> = k
    <w> = w
    <y> = i
    <m># = ̃
    <n># = ̃
    <m>[bp] = m̃
    <n>[cdfgjklmpqrstvxz] = ̃
    <mm> = m
    <nn> = n
    <tt> = t
    <b> = b
    <d> = d
    <f> = f
    <m> = m
    <n> = n
    <p> = p
    <t> = t
    <v> = v
    """,
    {"V": f"[{_VOWELS}]", "C": "[bcdfgkptv]"},
)
_READ = frozenset("abcdefghijklmnopqrstuvwxyzçáàâãéêíóôõúü")
_PLAIN = {
    "á": "a",
    "à": "a",
    "â": "ɐ",
    "ã": "ɐ̃",
    "é": "ɛ",
    "ê": "e",
    "í": "i",
    "ó": "ɔ",
    "ô": "o",
    "õ": "o~",
    "ú": "u",
    "ü": "u",
}
_ACCENTED = "áâéêíóôú"
_UNSTRESSED = frozenset(
    ["o", "a", "os", "as", "um", "uma", "de", "do", "da", "dos", "das", "em", "no", "na", "nos", "nas", "por", "pelo", "pela", "para", "pra", "com", "sem", "e", "ou", "que", "se", "me", "te", "lhe", "lhes", "nos", "vos", "ao", "à", "aos", "às", "mas", "como", "seu", "sua", "meu", "minha"]
)
_OPEN_E = frozenset(
    ["ela", "elas", "esta", "essa", "dela", "aquela", "bela", "belo", "velha", "velho", "terra", "guerra", "festa", "pé", "mulher", "café", "sete", "dez", "dezessete", "leve", "certo", "certa", "perto", "aberto", "aberta", "inverno", "governo", "caderno", "moderno", "eterno", "inferno", "projeto", "teto", "reto", "quero", "era", "eram", "atmosfera", "espera", "primavera", "serve", "neve", "breve", "cerca", "testa", "resto", "resta", "manifesta", "conversa", "verso", "universo", "metro", "meta", "atleta", "planeta", "bicicleta", "caneta", "janela", "panela", "novela", "capela", "pele", "mel", "papel", "hotel", "anel", "cruel", "fiel", "tabela", "parcela", "sequela", "pedra", "febre", "tese"]
)
_OPEN_O = frozenset(
    ["nova", "nove", "novas", "novos", "porta", "portas", "hora", "horas", "agora", "fora", "escola", "escolas", "história", "glória", "memória", "obra", "obras", "nossa", "nossos", "sol", "volta", "volte", "bola", "cola", "jogos", "ovos", "povos", "porcos", "ossos", "forte", "sorte", "norte", "morte", "corte", "esporte", "transporte", "moda", "roda", "pó", "nó", "só", "avó", "melhor", "pior", "maior", "menor", "gosta", "adora", "mostra", "proposta", "resposta", "posta", "costa", "costas", "foto", "loja", "ótimo", "logo", "posso", "moro", "mora", "bota", "nota", "cota", "rota"]
)
_LETTERS = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        ["á", "bê", "cê", "dê", "é", "efe", "gê", "agá", "i", "jota", "cá", "ele", "eme", "ene", "ó", "pê", "quê", "erre", "esse", "tê", "u", "vê", "dáblio", "xis", "ípsilon", "zê"],
        strict=True,
    )
)


class Portuguese:
    """Reads Portuguese.

    Args:
        brazilian: t and d before i are affricates, final l is a vowel; or as in Portugal, where final s is ʃ.
    """

    def __init__(self, brazilian: bool) -> None:
        self._brazilian = brazilian

    def read(self, words: Sequence[Word], given: Sequence[str | None]) -> list[str]:
        """See `Reader.read`."""
        said: list[str] = []
        for word, prescribed in zip(words, given, strict=True):
            if prescribed is not None:
                said.append(prescribed)
                continue
            pieces = [self.word(piece) for text in word.spoken for piece in parts(letters_of(text).replace("'", " "))]
            said.append(" ".join(filter(None, pieces)))
        return said

    def word(self, word: str) -> str:
        """One word in small letters."""
        known = "".join(letter for letter in word if letter in _READ)
        if not known:
            return ""
        if not any(letter in _VOWELS + "y" for letter in known):
            return " ".join(self.word(_LETTERS[letter]) for letter in known if letter in _LETTERS)
        pieces = _RULES.apply(known)
        nuclei = _nuclei(known, pieces)
        stressed = None if known in _UNSTRESSED or not nuclei else _stressed(known, pieces, nuclei)
        sound = ""
        for index, (letters, phonemes) in enumerate(pieces):
            if letters in _VOWELS:
                phonemes = self._vowel(known, pieces, index, index in nuclei, index == stressed, stressed)
                sound += "ˈ" if index == stressed else ""
            sound += phonemes
        return self._finish(sound)

    def _vowel(
        self, word: str, pieces: list[tuple[str, str]], index: int, nucleus: bool, stressed: bool, stress: int | None
    ) -> str:
        letter = pieces[index][0]
        if not nucleus:
            return _glide(pieces, index)
        last = index == len(pieces) - 1 or (index == len(pieces) - 2 and pieces[-1][0] == "s")
        nasal = index + 1 < len(pieces) and pieces[index + 1][1].endswith("̃")
        if stressed:
            if letter == "e" and word in _OPEN_E:
                return "ɛ"
            if letter == "o" and (word in _OPEN_O or _open_o(word, index, nasal)):
                return "ɔ"
        if nasal and letter in "eé":
            return "eɪ"
        if letter == "a":
            return "ɐ̃" if nasal else "æ" if last and not stressed and len(pieces) > 1 else "a"
        if not stressed and last and letter == "e":
            return "y" if self._brazilian else "ɨ"
        if not stressed and last and letter == "o":
            return "ʊ" if self._brazilian else "u"
        return _PLAIN.get(letter, letter)

    def _finish(self, sound: str) -> str:
        # A nasal vowel is heard with its consonant, m before lips, ŋ elsewhere; what is left of ̃ is a's.
        sound = sound.replace("m̃", "m")
        sound = f"{sound[:-2]}̃ʊ̃" if sound.endswith("ɐ̃̃") else sound.replace("ɐ̃̃", "ɐ̃ŋ")
        sound = re.sub("(?<=[aeiouɪʊ])̃(?!ʊ)", "ŋ", sound).replace("õŋ", "oŋ")
        for before, after in _NASAL_ENDS.items():
            if sound.endswith(before):
                sound = sound[: -len(before)] + after
                break
        sound = sound.replace("o~", "õ").replace("i̯", "ɪ").replace("u̯", "ʊ")
        if self._brazilian:
            for hard, soft in (("t", "ʧ"), ("d", "ʤ")):
                for vowel in ("i", "y", "ˈi", "ĩ", "ɪ"):
                    sound = sound.replace(hard + vowel, soft + vowel)
        else:
            if sound.endswith(("s", "ʊ̃s")):
                sound = sound[:-1] + "ʃ"
            for consonant in "ptkfɡbdʧmnl":
                sound = sound.replace(f"s{consonant}", f"ʃ{consonant}").replace(f"z{consonant}", f"ʒ{consonant}")
            sound = sound.removesuffix("ʊ") + "l" if sound.endswith(("aʊ", "ɛʊ", "iʊ", "ɔʊ")) else sound
        for pair, diphthong in _DIPHTHONGS.items():
            sound = sound.replace(pair, diphthong)
        return sound


_NASAL_ENDS = {"ɐ̃os": "ɐ̃ʊ̃s", "ɐ̃o": "ɐ̃ʊ̃", "o~es": "õjs", "o~e": "õj", "ɐ̃es": "ɐ̃ɪ̃s", "ɐ̃e": "ɐ̃ɪ̃"}
_DIPHTHONGS = {"aɪ": "I", "aʊ": "W", "eɪ": "A", "oʊ": "O", "ɔɪ": "Y"}


def _nuclei(word: str, pieces: list[tuple[str, str]]) -> list[int]:
    """The vowels that make syllables: i and u beside another vowel do not, unless an accent says so."""
    found: list[int] = []
    for index, (letters, _) in enumerate(pieces):
        if letters not in _VOWELS:
            continue
        before = pieces[index - 1][0] if index else ""
        following = pieces[index + 1][0][0] if index + 1 < len(pieces) else ""
        if letters in "iu" and before and before in "aeoáéóâêôu" and index - 1 in found and following not in ("nh",):
            closes = index + 1 < len(pieces) and pieces[index + 1][1].endswith("̃")
            if not closes and not (pieces[index + 1 : index + 2] and pieces[index + 1][0] == "nh"):
                continue
        if letters in "eo" and before in tuple("ãõ"):
            continue
        found.append(index)
    return found


def _glide(pieces: list[tuple[str, str]], index: int) -> str:
    letter = pieces[index][0]
    if letter in "eo":
        return letter
    return "i̯" if letter == "i" else "u̯"


def _open_o(word: str, index: int, nasal: bool) -> bool:
    return not nasal and word.endswith(("ória", "órias", "ol", "osa", "osas", "ora", "oras"))


def _stressed(word: str, pieces: list[tuple[str, str]], nuclei: list[int]) -> int:
    for index in nuclei:
        if pieces[index][0] in _ACCENTED:
            return index
    for index in nuclei:
        if pieces[index][0] in "ãõ":
            return index
    if len(nuclei) == 1:
        return nuclei[0]
    if word.endswith(("a", "e", "o", "as", "es", "os", "am", "em", "ens")) and nuclei[-1] >= len(pieces) - 2:
        return nuclei[-2]
    return nuclei[-1]
