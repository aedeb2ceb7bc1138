"""Counters of Japanese (助数詞) and the sounds that change before them: いっぽん, さんぼん, ろっぽん.

Which numbers change which sounds: NHK's pronunciation dictionary, appendix on counters; where two are heard, the first.
"""

from __future__ import annotations

from honmono.engines.speech.reading.languages.japanese_numbers import cardinal

COUNTERS: dict[str, tuple[str, str]] = {
    # h: いっぽん さんぼん ろっぽん; f: いっぷん さんぷん; k, s, t: いっこ, いっさつ, いっとう; a voiced third: K, S.
    "本": ("ほん", "h"), "匹": ("ひき", "h"), "杯": ("はい", "h"), "票": ("ひょう", "h"), "百年": ("ひゃくねん", ""),
    "分": ("ふん", "f"), "分間": ("ふんかん", "f"), "泊": ("はく", "f"), "発": ("はつ", "f"), "編": ("へん", "f"),
    "品": ("ひん", "f"), "歩": ("ほ", "f"), "個": ("こ", "k"), "回": ("かい", "k"), "回目": ("かいめ", "k"),
    "階": ("かい", "K"), "軒": ("けん", "K"), "か月": ("かげつ", "k"), "ヶ月": ("かげつ", "k"), "カ月": ("かげつ", "k"),
    "ヵ月": ("かげつ", "k"), "ケ月": ("かげつ", "k"), "箇月": ("かげつ", "k"), "か月間": ("かげつかん", "k"),
    "ヶ月間": ("かげつかん", "k"), "か所": ("かしょ", "k"), "ヶ所": ("かしょ", "k"), "カ所": ("かしょ", "k"),
    "箇所": ("かしょ", "k"), "か国": ("かこく", "k"), "カ国": ("かこく", "k"), "ヶ国": ("かこく", "k"), "巻": ("かん", "k"),
    "曲": ("きょく", "k"), "課": ("か", "k"), "件": ("けん", "k"), "級": ("きゅう", "k"), "球": ("きゅう", "k"),
    "機": ("き", "k"), "期": ("き", "k"), "句": ("く", "k"), "区": ("く", "k"), "校": ("こう", "k"), "項": ("こう", "k"),
    "冊": ("さつ", "s"), "歳": ("さい", "s"), "才": ("さい", "s"), "週": ("しゅう", "s"), "週間": ("しゅうかん", "s"),
    "種類": ("しゅるい", "s"), "種": ("しゅ", "s"), "色": ("しょく", "s"), "隻": ("せき", "s"), "足": ("そく", "S"),
    "章": ("しょう", "s"), "席": ("せき", "s"), "世紀": ("せいき", "s"), "周": ("しゅう", "s"), "周年": ("しゅうねん", "s"),
    "勝": ("しょう", "s"), "室": ("しつ", "s"), "社": ("しゃ", "s"), "車": ("しゃ", "s"), "試合": ("しあい", "s"),
    "頭": ("とう", "t"), "点": ("てん", "t"), "通": ("つう", "t"), "丁目": ("ちょうめ", "t"), "着": ("ちゃく", "t"),
    "店": ("てん", "t"), "滴": ("てき", "t"), "通り": ("とおり", "t"), "枚": ("まい", ""), "台": ("だい", ""),
    "番": ("ばん", ""), "番目": ("ばんめ", ""), "番地": ("ばんち", ""), "番線": ("ばんせん", ""), "度": ("ど", ""),
    "倍": ("ばい", ""), "秒": ("びょう", ""), "秒間": ("びょうかん", ""), "名": ("めい", ""), "名様": ("めいさま", ""),
    "円": ("えん", "4"), "人": ("にん", "4"), "人目": ("にんめ", "4"), "年": ("ねん", "4"), "年間": ("ねんかん", "4"),
    "年生": ("ねんせい", "4"), "年目": ("ねんめ", "4"), "年度": ("ねんど", "4"), "年代": ("ねんだい", "4"),
    "年前": ("ねんまえ", "4"), "年後": ("ねんご", "4"), "月": ("がつ", "m"), "時": ("じ", "o"), "時間": ("じかん", "o"),
    "時間目": ("じかんめ", "o"), "時半": ("じはん", "o"), "日": ("にち", ""), "日間": ("にちかん", ""), "日目": ("にちめ", ""),
    "号": ("ごう", ""), "号室": ("ごうしつ", ""), "号車": ("ごうしゃ", ""), "位": ("い", ""), "話": ("わ", ""), "羽": ("わ", ""),
    "行": ("ぎょう", ""), "部": ("ぶ", ""), "割": ("わり", ""), "文字": ("もじ", ""), "メートル": ("メートル", ""),
    "乗": ("じょう", ""), "畳": ("じょう", "4"), "問": ("もん", ""), "列": ("れつ", ""), "両": ("りょう", ""),
    "代": ("だい", ""), "世": ("せい", "s"), "段": ("だん", ""), "戦": ("せん", "s"), "敗": ("はい", "f"), "つ": ("つ", "つ"),
    "つ目": ("つめ", "つ"), "段階": ("だんかい", ""), "面": ("めん", ""), "語": ("ご", ""), "膳": ("ぜん", ""),
}  # fmt: skip
_DAYS = {
    1: "ついたち", 2: "ふつか", 3: "みっか", 4: "よっか", 5: "いつか", 6: "むいか", 7: "なのか", 8: "ようか",
    9: "ここのか", 10: "とおか", 14: "じゅうよっか", 20: "はつか", 24: "にじゅうよっか",
}  # fmt: skip
_THINGS = ["", "ひと", "ふた", "みっ", "よっ", "いつ", "むっ", "なな", "やっ", "ここの"]
_SMALL = {"k": "いち はち じゅう ろく ひゃく", "K": "いち はち じゅう ろく ひゃく", "h": "いち はち じゅう ろく ひゃく",
          "f": "いち はち じゅう ろく ひゃく", "s": "いち はち じゅう", "S": "いち はち じゅう", "t": "いち はち じゅう"}  # fmt: skip
_SHORT = {"いち": "いっ", "はち": "はっ", "じゅう": "じゅっ", "ろく": "ろっ", "ひゃく": "ひゃっ"}
_P = dict(zip("はひふへほ", "ぱぴぷぺぽ", strict=True))
_VOICED = dict(zip("はひふへほかきくけこさしすせそ", "ばびぶべぼがぎぐげござじずぜぞ", strict=True))
_SPECIAL = {(20, "歳"): "はたち", (20, "才"): "はたち", (1, "人"): "ひとり", (2, "人"): "ふたり"}


def counted(number: int, counter: str) -> str:
    """`3`, 本: さんぼん."""
    if special := _SPECIAL.get((number, counter)):
        return special
    reading, kind = COUNTERS[counter]
    if counter in ("日", "日間", "日目") and number in _DAYS and not (number == 1 and counter != "日"):
        return _DAYS[number] + reading.removeprefix("にち")
    if kind == "つ":
        if number == 10:
            return "とお" + reading.removeprefix("つ")
        return (_THINGS[number] if number < len(_THINGS) and number else cardinal(number)) + reading
    said = cardinal(number)
    if kind in ("4", "o", "m"):
        return _of_few(said, kind) + reading
    for end in _SMALL.get(kind, "").split():
        if said.endswith(end):
            changed = said.removesuffix(end) + _SHORT[end]
            return changed + (_P.get(reading[0], reading[0]) + reading[1:] if kind in "hf" else reading)
    if said.endswith(("さん", "せん")) or (kind == "f" and said.endswith("よん")):
        if kind in ("h", "K", "S") and not said.endswith("よん"):
            return said + _VOICED.get(reading[0], reading[0]) + reading[1:]
        if kind == "f":
            return said + _P.get(reading[0], reading[0]) + reading[1:]
    return said + reading


def _of_few(said: str, kind: str) -> str:
    """4年 よねん, 4月 しがつ, 9時 くじ, 7時 しちじ."""
    if said.endswith("よん"):
        return said.removesuffix("よん") + ("し" if kind == "m" else "よ")
    if kind in ("o", "m"):
        if said.endswith("なな"):
            return said.removesuffix("なな") + "しち"
        if said.endswith("きゅう"):
            return said.removesuffix("きゅう") + "く"
    return said
