"""Italian: rules for the sounds, and a list for what the spelling does not say, where the stress lies."""

from __future__ import annotations

import re
from collections.abc import Sequence

from honmono.engines.speech.phonemes.reader import Rules, letters_of, parts
from honmono.engines.speech.utterance import Word

_VOWELS = "aeiouàèéìíòóùú"
_RULES = Rules(
    """
    <sci>[aouàòóù] = ʃ
    <sc>[eièéìí] = ʃ
    <cci>[aouàòóù] = tʧ
    <cc>[eièéìí] = tʧ
    <cch> = kː
    <ch> = k
    <ci>[aouàòóù] = ʧ
    <c>[eièéìí] = ʧ
    <cqu> = kːw
    <cc> = kː
    <c> = k
    <ggi>[aouàòóù] = dʤ
    <gg>[eièéìí] = dʤ
    <ggh> = ɡː
    <gh> = ɡ
    <gli>[aeouàèéòóù] = ʎ
    #<gli># = ʎi
    <gl>i# = ʎ
    V<gl>i = ʎ
    <gl> = ɡl
    <gn> = ɲ
    <gi>[aouàòóù] = ʤ
    <g>[eièéìí] = ʤ
    <gg> = ɡː
    <g> = ɡ
    <qu> = kw
    <q> = k
    <h> =
    pi<zz> = ʦː
    iri<zz> = ʦː
    i<zz>[aioàò] = ʣː
    me<zz> = ʣː
    a<zz>urr = ʣː
    ga<zz>[ei] = ʣː
    <zz> = ʦː
    roman<z> = ʣ
    pran<z> = ʣ
    zan<z> = ʣ
    #<z> = ʣ
    <z> = ʦ
    V<s>V = z
    <s>[bdgvlmnr] = z
    <ss> = sː
    <s> = s
    <j> = j
    <x> = ks
    <y> = i
    <w> = w
    <k> = k
    <bb> = bː
    <dd> = dː
    <ff> = ff
    <ll> = ll
    <mm> = mm
    <nn> = nn
    <pp> = pː
    <rr> = rɾ
    <tt> = tː
    <vv> = vː
    <n>[cgqk] = ŋ
    <b> = b
    <d> = d
    <f> = f
    <l> = l
    <m> = m
    <n> = n
    <p> = p
    <r> = r
    <t> = t
    <v> = v
    """,
    {"V": f"[{_VOWELS}]"},
)
_DIPHTHONGS = {"ai̯": "I", "au̯": "W", "ei̯": "A", "ɔi̯": "Y", "i̯": "i", "u̯": "ʊ"}
_READ = frozenset("abcdefghijklmnopqrstuvwxyzàèéìíòóùú")
_OPEN = {"à": "a", "è": "ɛ", "é": "e", "ì": "i", "í": "i", "ò": "ɔ", "ó": "o", "ù": "u", "ú": "u"}
_UNSTRESSED = frozenset(
    ["il", "lo", "la", "i", "gli", "le", "l", "un", "uno", "una", "di", "del", "dello", "della", "dei", "degli", "delle", "a", "al", "allo", "alla", "ai", "agli", "alle", "da", "dal", "dallo", "dalla", "dai", "dagli", "dalle", "in", "nel", "nello", "nella", "nei", "negli", "nelle", "su", "sul", "sullo", "sulla", "sui", "sugli", "sulle", "con", "per", "tra", "fra", "e", "ed", "o", "od", "che", "se", "si", "mi", "ti", "ci", "vi", "ne", "ma", "non", "come", "d", "all", "dell", "nell", "sull", "dall", "un", "quest", "quell"]
)
_SDRUCCIOLE = re.compile(
    r".*(abile|abili|ibile|ibili|evole|evoli|issim[oaie]|issimi|[^aeiou]ic[oaie]|ich[ei]|aggine|agine|udine|udini|"
    r"ognome|ologi|ologo|ografo|ografi|ometro|ometri|atore[^a-z]|[^i]ono|essero|arono|erono|irono|assero|issero|"
    r"avano|evano|ivano|ebbero|fero|sero|ssero|ttero|ppero|ero|andolo|endolo|andosi|endosi|ulo|uli|ula|ule|olo|oli|"
    r"oteca|imo|imi|ima|ime|edine|abato|enica|tesimo|tesima|ogico|ogica|ogici|igine|igini|ordine|ordini|omine|omini)"
)
_PENULTIMATE = frozenset(
    ["amico", "amica", "amici", "nemico", "antico", "antica", "antichi", "fatica", "pudico", "formica", "rubrica", "mendico", "lombrico", "sono", "buono", "suono", "tono", "dono", "perdono", "trono", "abbandono", "ragiono", "nono", "prossimono", "solo", "sola", "soli", "sole", "volo", "voli", "ruolo", "ruoli", "figliolo", "piolo", "stuolo", "parola", "parole", "scuola", "gola", "tavolozza", "mulo", "nulo", "primo", "prima", "primi", "prime", "cima", "lima", "rima", "stima", "intimo", "mimo", "concime", "clima", "vero", "vera", "intero", "intera", "impero", "sincero", "severo", "nero", "pero", "davvero", "leggero", "straniero", "pensiero", "sentiero", "quartiere", "mistero", "cimitero", "ero", "era", "guerriero", "ministero", "sero", "spero", "fero", "fiero", "cameriere", "altero", "zero", "monastero", "clero", "siero", "guarda", "enorme", "padule", "spagnolo", "spagnola", "spagnoli", "usignolo", "figliola", "tritolo", "polo", "molo", "assolo", "dolo", "consolo", "bambino", "mattino", "lavoro", "buona", "persona"]
)
_ANTEPENULTIMATE = frozenset(
    ["tavolo", "tavoli", "tavola", "albero", "alberi", "numero", "numeri", "sabato", "domenica", "macchina", "macchine", "camera", "camere", "lettera", "lettere", "opera", "opere", "musica", "medico", "medici", "pubblico", "pubblica", "unico", "unica", "ultimo", "ultima", "ultimi", "popolo", "popoli", "secolo", "secoli", "articolo", "titolo", "piccolo", "piccola", "piccoli", "piccole", "angolo", "isola", "isole", "regola", "giovane", "giovani", "povero", "povera", "libero", "libera", "genere", "ordine", "uomini", "nomi", "telefono", "telefona", "semplice", "semplici", "facile", "facili", "difficile", "difficili", "utile", "simile", "possibile", "subito", "essere", "vivere", "leggere", "scrivere", "prendere", "mettere", "perdere", "correre", "credere", "chiedere", "chiudere", "rispondere", "vendere", "conoscere", "nascere", "crescere", "ridere", "piangere", "vincere", "spingere", "decidere", "dividere", "accendere", "spendere", "scendere", "muovere", "rompere", "raccogliere", "scegliere", "togliere", "sciogliere", "spegnere", "stringere", "dipingere", "rendere", "offendere", "difendere", "attendere", "discutere", "permettere", "promettere", "smettere", "trasmettere", "succedere", "uccidere", "parlano", "mangiano", "lavorano", "giocano", "cantano", "guardano", "ascoltano", "amano", "pensano", "portano", "trovano", "tornano", "arrivano", "chiamano", "comprano", "studiano", "abitano", "aspettano", "entrano", "restano", "sembrano", "diventano", "passano", "sandalo", "scatola", "bambola", "anima", "animo", "lacrima", "attimo", "massimo", "minimo", "prossimo", "prossima", "pessimo", "ottimo", "legittimo", "maschera", "zucchero", "mandorla", "fragola", "pillola", "nuvola", "nuvole", "pentola", "cintola", "favola", "tegola", "rondine", "vergine", "margine", "termine", "immagine", "immagini", "pagina", "pagine", "origine", "cenere", "polvere", "venere", "carcere", "vipera", "tempera", "pecora", "pecore", "anatra", "aquila", "origano", "garofano", "sedano", "dattero", "tessera", "cattedra", "sillaba", "fabbrica", "pratica", "tecnica", "politica", "critica", "grammatica", "logica", "storico", "storica", "economico", "economica", "elettrico", "magnifico", "fantastico", "tipico", "classico", "simpatico", "automatico", "domestico", "stomaco", "monaco", "sindaco", "dialogo", "catalogo", "psicologo", "epoca", "visita", "debito", "credito", "merito", "spirito", "limite", "ospite", "solito", "solita", "liquido", "rapido", "rapida", "timido", "umido", "umida", "comodo", "comoda", "metodo", "periodo", "vescovo", "diavolo", "cavolo", "scivolo", "ridicolo", "pericolo", "miracolo", "spettacolo", "muscolo", "circolo", "calcolo", "veicolo", "ostacolo", "binocolo", "capitolo", "cellula", "formula", "molecola", "trappola", "briciola", "lucciola", "fiaccola", "atomo", "autonomo", "domino", "codice", "indice", "pollice", "vertice", "giudice", "complice", "artefice", "calice", "forbici", "undici", "dodici", "tredici", "quattordici", "quindici", "sedici", "zingaro", "barbaro", "naufrago", "pelago", "asino", "asini", "fegato", "pascolo", "edera", "gondola", "vongole", "napoli", "genova", "padova", "modena", "bergamo", "taranto", "trapani", "rimini", "brindisi", "africa", "america", "cesare", "stefano", "cristoforo", "giacomo", "girolamo", "angela", "monica", "veronica", "oceano", "mediterraneo", "spontaneo"]
)
_OPEN_E = frozenset(
    ["bello", "bella", "belli", "belle", "bene", "sei", "sette", "festa", "testa", "terra", "tempo", "sempre", "certo", "certa", "perso", "letto", "aperto", "aperta", "cento", "vento", "dente", "presto", "centro", "lento", "treno", "niente", "cielo", "pietra", "ieri", "siete", "miele", "piede", "piedi", "dietro", "lei", "prezzo", "mezzo", "mezza", "pezzo", "essere", "problema", "sistema", "esempio", "membro", "vecchio", "vecchia", "guerra", "erba", "verso", "merce", "ferro", "era", "erano", "gelo", "zero", "premio", "medico", "cinema", "scena", "serio", "seria", "europa", "finestra", "maestro", "maestra"]
)
_OPEN_O = frozenset(
    ["uomo", "buono", "buona", "nuovo", "nuova", "fuori", "cuore", "scuola", "uovo", "fuoco", "gioco", "giochi", "luogo", "luoghi", "suolo", "ruolo", "poco", "poca", "oggi", "otto", "notte", "cosa", "cose", "porto", "corpo", "forte", "morte", "storia", "gloria", "opera", "no", "po", "rosa", "donna", "olio", "modo", "posto", "posta", "tosto", "costa", "troppo", "troppa", "dopo", "collo", "soldi", "logica", "popolo", "roba", "brodo", "zona", "nove", "nove", "trova", "prova", "nota", "toro", "coro", "oro", "poi", "vuole", "può", "piove", "muore", "suona", "duomo"]
)
_LETTERS = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        ["a", "bi", "ci", "di", "e", "effe", "gi", "acca", "i", "ilunga", "cappa", "elle", "emme", "enne", "o", "pi", "cu", "erre", "esse", "ti", "u", "vu", "doppiavu", "ics", "ipsilon", "zeta"],
        strict=True,
    )
)


class Italian:
    """Reads Italian."""

    def read(self, words: Sequence[Word], given: Sequence[str | None]) -> list[str]:
        """See `Reader.read`."""
        said: list[str] = []
        for word, prescribed in zip(words, given, strict=True):
            if prescribed is not None:
                said.append(prescribed)
                continue
            pieces: list[str] = []
            for text in word.spoken:
                for piece in parts(letters_of(text)):
                    # L'acqua is one word for the voice.
                    pieces.append("".join(self.word(part) for part in piece.split("'")))
            said.append(" ".join(filter(None, pieces)))
        return said

    def word(self, word: str) -> str:
        """One word in small letters."""
        known = "".join(letter for letter in word if letter in _READ)
        if not known:
            return ""
        if not any(letter in _VOWELS for letter in known):
            if len(known) == 1 or len(known) > 4:
                return self._spelled(known)
            if known in {"l", "d", "c", "s", "m", "t", "v", "n"}:
                return "".join(phonemes for _, phonemes in _RULES.apply(known))
            return self._spelled(known)
        pieces = _glides(_RULES.apply(known))
        nuclei = [
            index
            for index, (letters, phonemes) in enumerate(pieces)
            if letters in _VOWELS and phonemes not in ("j", "w", "i̯", "u̯")
        ]
        stressed = None if known in _UNSTRESSED or not nuclei else _stressed(known, pieces, nuclei)
        sound = ""
        for index, (_letters, phonemes) in enumerate(pieces):
            if index == stressed:
                if (phonemes == "e" and known in _OPEN_E) or (phonemes == "o" and known in _OPEN_O):
                    phonemes = {"e": "ɛ", "o": "ɔ"}[phonemes]
                sound += "ˈ"
            elif phonemes in ("u", "i"):
                # Where they are not stressed they are slack: u everywhere, i at the end.
                last = index == len(pieces) - 1
                phonemes = "ʊ" if phonemes == "u" else "ɪ" if last and len(pieces) > 1 else "i"
            sound += phonemes
        for pair, diphthong in _DIPHTHONGS.items():
            sound = sound.replace(pair, diphthong)
        return sound

    def _spelled(self, letters: str) -> str:
        return " ".join(self.word(_LETTERS[letter]) for letter in letters if letter in _LETTERS)


def _glides(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Vowels with their phonemes; i and u before another vowel are j and w."""
    found: list[tuple[str, str]] = []
    for index, (letters, phonemes) in enumerate(pieces):
        following = pieces[index + 1][0][0] if index + 1 < len(pieces) else ""
        before = pieces[index - 1][0] if index else ""
        if letters in _VOWELS and not phonemes:
            phonemes = _OPEN.get(letters, letters)
            last = index + 2 >= len(pieces)
            if (
                letters == "i"
                and following in tuple("aeouàèéòóù")
                and not (last and before not in _VOWELS and len(pieces) <= 3)
            ):
                phonemes = "j"
            elif letters == "u" and following in tuple("aeioàèéìòó") and not (last and len(pieces) <= 3):
                phonemes = "w"
            elif letters in "iu" and before in tuple("aeo") and letters != before and following:
                phonemes = f"{letters}̯"
        found.append((letters, phonemes))
    return found


def _stressed(word: str, pieces: list[tuple[str, str]], nuclei: list[int]) -> int:
    for index in nuclei:
        if pieces[index][0] in "àèéìíòóùú":
            return index
    if len(nuclei) == 1:
        return nuclei[0]
    # A word may end in two vowels that share the stress: mai, poi, sei, lui.
    penultimate = nuclei[-2]
    if len(nuclei) < 3:
        return penultimate
    if word in _ANTEPENULTIMATE or (word not in _PENULTIMATE and _SDRUCCIOLE.fullmatch(word)):
        return nuclei[-3]
    return penultimate if len(word) > 2 and word[-1] in "aeiou" else nuclei[-1] if len(nuclei) < 2 else penultimate
