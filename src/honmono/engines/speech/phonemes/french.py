"""French: rules for the letters, lists for the words that break them, and liaisons between words.

The rules follow N. Catach, "L'orthographe française", 1980; the phonemes are those of a Parisian: /ʁ/, nasal vowels as a
vowel with ̃, and no schwa at a word's end.
"""

from __future__ import annotations

from collections.abc import Sequence

from honmono.engines.speech.phonemes.french_words import HOMOGRAPH_VERBS, LIAISONS, SAID, UNSTRESSED
from honmono.engines.speech.phonemes.reader import Rules, letters_of, parts, pauses_behind
from honmono.engines.speech.utterance import Word

_VOWELS = "aeiouyàâäæéèêëîïôöùûüœ"
_RULES = Rules(
    """
    <eaux># = o
    <eau> = o
    <aux># = o
    <aulx># = o
    <auld># = o
    <aul># = o
    <aud># = o
    <aut># = o
    <auts># = o
    <auds># = o
    <au>r = ɔ
    <au> = o
    <aient># = ɛ
    <ail># = aj
    <ails># = aj
    <aill> = aj
    <aî> = ɛ
    <ain>X = ɛ̃
    <aim># = ɛ̃
    <aims># = ɛ̃
    <ais># = ɛ
    <ait># = ɛ
    <aits># = ɛ
    <aix># = ɛ
    <aie># = ɛ
    <aies># = ɛ
    f<ai>s[aoeé] = ə
    <ai> = ɛ
    <ay># = ɛ
    <ays># = ɛi
    <ay> = ɛj
    <aï> = ai
    <aë> = ae
    <aon># = ɑ̃
    <aons># = ɑ̃
    <aoû> = u
    <an>X = ɑ̃
    <am>[bp] = ɑ̃
    <ann> = an
    <amm> = am
    <à> = a
    <â> = ɑ
    <a> = a
    <æ> = e
    <oeu>v = œ
    <œufs># = ø
    <œu>[rlfv] = œ
    <œil> = œj
    <œu> = ø
    <œ> = e
    <eill> = ɛj
    <eil># = ɛj
    <eils># = ɛj
    <euill> = œj
    <euil> = œj
    <ueill> = œj
    <ueil> = œj
    <euse> = øz
    <eu>[rlvfbpn]V = œ
    <eu>[r] = œ
    <eu>[lf]# = œ
    <eu>[lf]s# = œ
    <eux># = ø
    <eut># = ø
    <eû> = ø
    <eu> = ø
    <eû> = ø
    <eins># = ɛ̃
    <ein>X = ɛ̃
    <ei> = ɛ
    <ey> = ɛ
    <eois> = wa
    <ée> = e
    <ées># = e
    <é> = e
    <è> = ɛ
    <ê> = ɛ
    <ë> = ɛ
    C<er># = e
    <iers># = je
    <ier># = je
    V<yer># = je
    <ers># = ɛʁ
    <ez># = e
    <ef># = ɛf
    <efs># = ɛf
    <el># = ɛl
    <els># = ɛl
    <ec># = ɛk
    <ecs># = ɛk
    <ep># = ɛp
    <et># = ɛ
    <ets># = ɛ
    <ect># = ɛ
    <ects># = ɛ
    <ed># = e
    i<en># = ɛ̃
    i<ens># = ɛ̃
    i<en>[dt]r[aeo] = ɛ̃
    ti<en>[dtsn] = ɛ̃
    vi<en>[dtsn] = ɛ̃
    é<en># = ɛ̃
    é<ens># = ɛ̃
    y<en># = ɛ̃
    y<ens># = ɛ̃
    <emm>e = ɛm
    f<emm>e = am
    <emment># = amɑ̃
    #<emm> = ɑ̃m
    #<enn> = ɑ̃n
    <enn> = ɛn
    <emm> = ɛm
    <en>X = ɑ̃
    <em>[bp] = ɑ̃
    #<em>[m] = ɑ̃
    C<es># =
    V<es># =
    #C<e># = ə
    #CC<e># = ə
    #CC<es># = e
    #C<es># = e
    V<e># =
    <e># =
    <e>xC = ɛ
    <e>x = ɛ
    <e>CC# = ɛ
    <e>ll = ɛ
    <e>tt = ɛ
    <e>ss = ɛ
    #d<e>ss = e
    #r<e>ss = ə
    <e>rr = ɛ
    <e>ff = e
    <e>pp = ɛ
    <e>cc = ɛ
    <e>nn = ɛ
    <e>[rlsc][bcdfgjklmnpqstvxz] = ɛ
    <e>s[pct] = ɛ
    <e>pt = ɛ
    <e>ct = ɛ
    <e>gm = ɛ
    <e>z = e
    <e>C[lr]V = ə
    Vch<e>CV =
    CC<e>CV = ə
    #C<e>CV = ə
    #CC<e>CV = ə
    V<e>V =
    VC<e>CV =
    <e>CV = ə
    <e>C# = ɛ
    <e> = ə
    <ill>e# = ij
    <ill>es# = ij
    <ill>V = ij
    <il># = il
    <ïn>X = ɛ̃
    <in>X = ɛ̃
    <im>[bp] = ɛ̃
    <inn> = in
    <imm> = im
    CC<i>e# = i
    <ie># = i
    <ies># = i
    <ient># = jɛ̃
    C[lr]<i>V = ij
    <i>V = j
    <î> = i
    <ï>V = j
    <ï> = i
    <i> = i
    <ouill> = uj
    <ouil># = uj
    <oui> = wi
    <ou>V = w
    <ou> = u
    <où> = u
    <oû> = u
    <oy>V = waj
    <oy> = wa
    <oî> = wa
    <oin>X = wɛ̃
    <oix># = wa
    <ois># = wa
    <oit># = wa
    <oids># = wa
    <oid># = wa
    <oie># = wa
    <oies># = wa
    <oi> = wa
    <oê> = wa
    <oë> = oɛ
    <oï> = ɔi
    <oo> = u
    <onn> = ɔn
    <omm> = ɔm
    <on>X = ɔ̃
    <om>[bp] = ɔ̃
    <om># = ɔ̃
    <oms># = ɔ̃
    <os># = o
    <ot># = o
    <ots># = o
    <op># = o
    <ops># = o
    <oc># = ɔk
    <o># = o
    <o>s[eaéiu] = o
    <otion> = osjɔ̃
    <ô> = o
    <ö> = ø
    <o>C[aeiouéèêâîôûy] = o
    <o>[bcdfgptv][lr]V = o
    <o> = ɔ
    <un>X = œ̃
    <um>[bp] = œ̃
    <um># = ɔm
    <uy>V = ɥij
    <uill> = ɥij
    <ue># = y
    <ues># = y
    C[lr]<u>V = y
    <u>V = ɥ
    <û> = y
    <ù> = y
    <ü> = y
    <u> = y
    <yn>X = ɛ̃
    <ym>[bp] = ɛ̃
    <y>V = j
    <y> = i
    <bb> = b
    <b># = b
    m<b># =
    m<bs># =
    <bs># = b
    <b>[stcf] = p
    <b> = b
    <cc>[eiéèêy] = ks
    <cqu> = k
    <cc> = k
    <ch>[rlnm] = k
    <ch> = ʃ
    <ck> = k
    <cueill> = kœj
    <c>[eiéèêyîœ] = s
    n<c># =
    n<cs># =
    <ct># = kt
    <cs># = k
    <c> = k
    <ç> = s
    <dd> = d
    <d># =
    <ds># =
    <d> = d
    <ff> = f
    <fs># = f
    <f> = f
    <gn> = ɲ
    <gueill> = ɡœj
    <gu>[eiéèêy] = ɡ
    <geo> = ʒɔ
    <gea> = ʒa
    <geai> = ʒɛ
    <ge>[aouâ] = ʒ
    <gg>[eé] = ɡʒ
    <gg> = ɡ
    <g>[eiéèêyî] = ʒ
    <g># =
    <gs># =
    <gt># =
    <gts># =
    <g> = ɡ
    <h> =
    <j> = ʒ
    <k> = k
    <ll> = l
    <l> = l
    <mn>e# = n
    <mm> = m
    <m> = m
    <nn> = n
    <n> = n
    <ph> = f
    <pt># =
    <pts># =
    com<pt>e = t
    ba<pt>i = t
    se<pt>i = t
    scul<pt> = t
    <pp> = p
    <p># =
    <ps># =
    #<ps> = ps
    <p> = p
    <qu> = k
    <q> = k
    <rr> = ʁ
    <rh> = ʁ
    <rs># = ʁ
    <rd># = ʁ
    <rds># = ʁ
    <rt># = ʁ
    <rts># = ʁ
    <r> = ʁ
    <sch> = ʃ
    <sc>[eiéèêy] = s
    <ss> = s
    <sh> = ʃ
    ti<s>t = s
    V<s>V = z
    V<s># =
    <s># =
    <st># = st
    <s>[bdgv] = z
    tran<s>V = z
    <s> = s
    <tch> = tʃ
    s<t>i = t
    #<t>i = t
    x<t>i = t
    <tionn> = sjɔn
    <tion>V = sjɔn
    <tion> = sjɔ̃
    <tions># = sjɔ̃
    <tie>nt = sj
    a<tie># = si
    <ti>el = sj
    <ti>eux = sj
    <tieuse> = sjøz
    <tiaire> = sjɛʁ
    <tial> = sjal
    <tiel> = sjɛl
    ini<ti>V = sj
    <tt> = t
    <th> = t
    <t># =
    <ts># =
    <t> = t
    <v> = v
    <w> = w
    #e<x>V = ɡz
    #he<x>V = ɡz
    #ine<x>V = ɡz
    <xc>[eiéèê] = ks
    <x># =
    <x> = ks
    <zz> = dz
    <z># =
    <z> = z
    """,
    {"V": f"[{_VOWELS}]", "C": "[bcçdfghjklmnpqrstvwxz]", "X": "(?=[^aeiouyàâäæéèêëîïôöùûüœnmh]|h)"},
)
_READ = frozenset("abcdefghijklmnopqrstuvwxyzçàâäæéèêëîïôöùûüœ")
_SOUNDS = "aeiouyøœɑɔɛə"
_LETTERS = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        ["a", "be", "se", "de", "ə", "ɛf", "ʒe", "aʃ", "i", "ʒi", "ka", "ɛl", "ɛm", "ɛn", "o", "pe", "ky", "ɛʁ", "ɛs", "te", "y", "ve", "dubləve", "iks", "iɡʁɛk", "zɛd"],
        strict=True,
    )
)
_H_ASPIRE = ["haine", "haineux", "hair", "haïr", "hall", "halte", "hamac", "hameau", "hanche", "hangar", "hanter", "hardi", "haricot", "harpe", "hasard", "hate", "hâte", "hausse", "haut", "hauteur", "havre", "hérisson", "hernie", "héros", "hibou", "hockey", "hollande", "homard", "hongrie", "honte", "hors", "housse", "huit", "hublot", "huer", "hurler", "handicap", "haie", "hache", "hareng", "harceler", "hasarder", "heurt", "hiérarchie", "hippie", "hisser", "hocher", "hoquet", "houle", "huée", "hutte", "onze", "oui", "ouistiti", "yaourt", "yacht"]


class French:
    """Reads French."""

    def read(self, words: Sequence[Word], given: Sequence[str | None]) -> list[str]:
        """See `Reader.read`."""
        said: list[str] = []
        link = ""
        before = ""
        for index, word in enumerate(words):
            prescribed = given[index]
            if prescribed is not None:
                said.append(prescribed)
                link, before = "", ""
                continue
            pieces: list[str] = []
            for text in word.spoken:
                for piece in parts(letters_of(text)):
                    sound = self._with_clitics(piece, before)
                    if link and sound and _begins_with_vowel(piece, sound):
                        sound = link + sound
                    if sound:
                        pieces.append(sound)
                    link, before = LIAISONS.get(piece.rpartition("'")[2], ""), piece
            said.append(" ".join(pieces))
            if pauses_behind(words, index):
                link, before = "", ""
        return said

    def _with_clitics(self, piece: str, before: str) -> str:
        """l'eau, qu'il, aujourd'hui: what an apostrophe ties is said as one."""
        if piece in SAID:
            return SAID[piece] if piece in UNSTRESSED else _stressed(SAID[piece])
        *clitics, last = piece.split("'")
        sound = self.word(last, before if not clitics else "")
        for clitic in reversed(clitics):
            bare = SAID.get(f"{clitic}'") or "".join(phonemes for _, phonemes in _RULES.apply(f"{clitic}u"))[:-1]
            sound = bare + sound
        return sound

    def word(self, word: str, before: str = "") -> str:
        """One word in small letters; `before`, the one before it, tells a verb in -ent from a noun."""
        known = "".join(letter for letter in word if letter in _READ)
        if not known:
            return ""
        if known in SAID:
            return SAID[known] if known in UNSTRESSED else _stressed(SAID[known])
        if known.endswith("s") and known[:-1] in SAID and len(known) > 3:
            return _stressed(SAID[known[:-1]])
        if len(known) == 1 or not any(letter in _VOWELS for letter in known):
            return _stressed(" ".join(_LETTERS.get(letter, "") for letter in known))
        if _is_verb_in_ent(known, before):
            known = known.removesuffix("ent") + "e"
        sound = "".join(phonemes for _, phonemes in _RULES.apply(known))
        return sound if known in UNSTRESSED else _stressed(_tidy(sound))


def _is_verb_in_ent(word: str, before: str) -> bool:
    """Whether -ent is a silent ending: after ils, elles, qui and the like, or in verbs that are nothing else."""
    if not word.endswith("ent") or len(word) < 5 or word.endswith(("ment", "aient", "ient")):
        return word.endswith("ment") and before in _PLURALS and word not in HOMOGRAPH_VERBS
    return (
        before in _PLURALS or word in HOMOGRAPH_VERBS or word.endswith(("èrent", "issent", "urent", "irent", "llent"))
    )


_PLURALS = frozenset({"ils", "elles", "qui", "se", "s", "ne", "nous", "vous", "leur", "y"})


def _tidy(sound: str) -> str:
    """No two equal consonants in a row, no schwa at the end."""
    out = ""
    for phoneme in sound:
        if not (out and phoneme == out[-1] and phoneme not in _SOUNDS):
            out += phoneme
    return out.removesuffix("ə") if len(out) > 2 else out


def _stressed(sound: str) -> str:
    """The stress is on the last vowel."""
    for index in range(len(sound) - 1, -1, -1):
        if sound[index] in _SOUNDS:
            return f"{sound[:index]}ˈ{sound[index:]}"
    return sound


def _begins_with_vowel(piece: str, sound: str) -> bool:
    if piece.startswith(tuple(_H_ASPIRE)) or (piece in {"et", "ou", "où", "oui", "onze", "un"} and piece != "un"):
        return False
    return sound.lstrip("ˈ")[0] in _SOUNDS + "jwɥ" and piece[0] not in "yw"
