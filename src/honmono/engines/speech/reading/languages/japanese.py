"""Japanese: numbers with their counters in kana (三本 さんぼん, 8日 ようか), all else as Sudachi cuts it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from functools import cached_property

import regex

from honmono.engines.speech.reading.languages.base import Language, Token
from honmono.engines.speech.reading.languages.counters import COUNTERS, counted
from honmono.engines.speech.reading.languages.japanese_numbers import (
    cardinal,
    digits,
    from_kanji,
    with_scales,
)
from honmono.engines.text.japanese import analyser

Match = regex.Match[str]
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_BLANKS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029], 0x20)
"""Control characters stand in no word."""
_LETTERS = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (
            "エー ビー シー ディー イー エフ ジー エイチ アイ ジェイ ケー エル エム "
            "エヌ オー ピー キュー アール エス ティー ユー ブイ ダブリュー エックス ワイ ゼット"
        ).split(),
        strict=True,
    )
)
_READ_AS_WORDS = {
    "NASA": "ナサ", "NATO": "ナトー", "UNESCO": "ユネスコ", "UNICEF": "ユニセフ", "AIDS": "エイズ", "COVID": "コビッド",
    "JAXA": "ジャクサ", "JICA": "ジャイカ", "OPEC": "オペック", "ASEAN": "アセアン", "FIFA": "フィファ",
}  # fmt: skip
_UNITS = {
    "km/h": "キロメートル毎時", "m/s": "メートル毎秒", "km": "キロメートル", "cm": "センチメートル",
    "mm": "ミリメートル",
    "m": "メートル", "kg": "キログラム", "mg": "ミリグラム", "g": "グラム", "t": "トン", "ml": "ミリリットル",
    "mL": "ミリリットル", "dl": "デシリットル", "L": "リットル", "l": "リットル", "KB": "キロバイト",
    "MB": "メガバイト",
    "GB": "ギガバイト", "TB": "テラバイト", "Hz": "ヘルツ", "kHz": "キロヘルツ", "MHz": "メガヘルツ",
    "GHz": "ギガヘルツ",
    "W": "ワット", "kW": "キロワット", "kWh": "キロワットアワー", "V": "ボルト", "A": "アンペア",
    "mAh": "ミリアンペアアワー",
    "°C": "ど", "℃": "ど", "°": "ど", "%": "パーセント", "cal": "カロリー", "kcal": "キロカロリー",
    "hPa": "ヘクトパスカル",
    "dB": "デシベル", "ha": "ヘクタール", "m²": "へいほうメートル", "㎡": "へいほうメートル",
    "km²": "へいほうキロメートル",
    "㎞": "キロメートル", "㎝": "センチメートル", "㎜": "ミリメートル", "㎏": "キログラム", "㎎": "ミリグラム",
    "s": "びょう",
    "ms": "ミリびょう", "min": "ふん", "px": "ピクセル", "cc": "シーシー", "Mbps": "メガビーピーエス",
    "Gbps": "ギガビーピーエス",
    "ドル": "ドル", "ユーロ": "ユーロ", "ポンド": "ポンド", "ウォン": "ウォン", "パーセント": "パーセント",
    "キロ": "キロ",
    "メートル": "メートル", "センチ": "センチ", "グラム": "グラム", "トン": "トン", "リットル": "リットル",
    "ページ": "ページ",
    "セント": "セント", "ポイント": "ポイント", "カ国": "かこく",
}  # fmt: skip
_SPELLED_UNITS = frozenset({"A", "s", "g", "t", "m", "l", "L", "V", "W"})
_NO_COUNTS = frozenset("一日 一月 十分 一行 千代 五分 一期 一色 一時 一番 一番目 一代 四季 万世 千歳 百済 一々".split())
"""Words that look like a number with its counter and are read otherwise, or may be."""
_CURRENCIES = {"¥": "えん", "￥": "えん", "$": "ドル", "€": "ユーロ", "£": "ポンド"}
_SYMBOLS = {
    "&": "アンド", "+": "プラス", "=": "イコール", "%": "パーセント", "@": "アットマーク", "×": "かける", "÷": "わる",
    "<": "しょうなり", ">": "だいなり", "±": "プラスマイナス", "#": "シャープ", "℃": "ど", "°": "ど", "€": "ユーロ",
    "$": "ドル",
    "¥": "えん", "£": "ポンド", "〒": "ゆうびんばんごう", "№": "ナンバー", "≠": "ノットイコール", "→": "やじるし",
}  # fmt: skip
_NAMES_OF_SIGNS = {
    ".": "ドット", ",": "カンマ", "-": "ハイフン", "/": "スラッシュ", "_": "アンダーバー", "*": "アスタリスク",
    ":": "コロン",
    "、": "てん", "。": "まる",
}  # fmt: skip
_SIGNS = frozenset(",;:.!?…‥—–―()[]{}\"“”'‘’、。，．！？；：（）「」『』【】〈〉《》・|")
_ADDRESS = r"(?:https?://|www\.)[!-~]*[a-zA-Z\d/]|[a-zA-Z\d._+-]{1,64}@[a-zA-Z\d-]{1,63}(?:\.[a-zA-Z\d-]{1,63}){1,8}"
_ARABIC = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_NUMBER = rf"{_ARABIC}(?:[万億兆千百](?:{_ARABIC})?)*"
_KANJI = "[〇一二三四五六七八九十百千万億兆]{1,20}"


def _either(words: object) -> str:
    return "|".join(sorted(map(regex.escape, words), key=lambda word: (-len(word), word)))  # type: ignore[call-overload]


class Japanese(Language):
    """Japanese."""

    minus = "マイナス"

    def __init__(self, code: str) -> None:
        self.code = code

    def cardinal(self, number: int, feminine: bool = False) -> str:
        """See `Language`."""
        return cardinal(number)

    def ordinal(self, number: int, feminine: bool = False) -> str:
        """3: さんばんめ."""
        return f"{cardinal(number)}ばんめ"

    def number(self, digits: str) -> str | None:
        """See `Language`."""
        digits = digits.translate(_FULL_WIDTH)
        if regex.fullmatch(_NUMBER, digits):
            return with_scales(digits)
        return cardinal(from_kanji(digits)) if regex.fullmatch(_KANJI, digits) else None

    def digits(self, digits_: str) -> str:
        """See `Language`."""
        return digits(digits_.translate(_FULL_WIDTH))

    def letters(self, text: str) -> str:
        """See `Language`."""
        named = []
        for character in text.translate(_FULL_WIDTH):
            if character.isdecimal():
                named.append(digits(character))
            elif character.isalpha():
                named.append(_LETTERS.get(character.upper(), character))
            elif name := _NAMES_OF_SIGNS.get(character) or _SYMBOLS.get(character):
                named.append(name)
        return " ".join(named)

    def fraction(self, whole: int | None, upper: int, lower: int) -> str:
        """さんぶんのいち."""
        said = f"{cardinal(lower)}ぶんの{cardinal(upper)}"
        return said if whole is None else f"{cardinal(whole)}と{said}"

    def date(self, year: int | None, month: int | None, day: int | None) -> str:
        """にせんにじゅうろくねんじゅういちがつにじゅうよっか."""
        fields = ((year, "年"), (month, "月"), (day, "日"))
        return "".join(counted(number, counter) for number, counter in fields if number is not None)

    def duration(self, minutes: int, seconds: int | None) -> str:
        """See `Language`."""
        said = counted(minutes, "分") if minutes or not seconds else ""
        return said + (counted(seconds, "秒") if seconds else "")

    def telephone(self, number: str) -> str:
        """See `Language`."""
        return digits(number.translate(_FULL_WIDTH))

    def unit(self, sign: str) -> str | None:
        """See `Language`."""
        return _UNITS.get(sign)

    def expletive(self) -> str:
        """See `Language`."""
        return "ピー"

    def address(self, text: str) -> str | None:
        """See `Language`."""
        return None

    def spoken(self, text: str) -> tuple[str, ...]:
        """See `Language`; in one piece, as Sudachi's cuts mean nothing in what only sounds."""
        return ("".join(super().spoken(text)),)

    def tokens(self, text: str, begin: int, end: int, before: str = "") -> list[Token]:
        """See `Language`."""
        flat = text[begin:end].translate(_FULL_WIDTH | _BLANKS)
        morphemes = analyser().morphemes(flat)
        starts = [morpheme.begin for morpheme in morphemes]
        numerals = {m.begin for m in morphemes if m.classes[:2] == ("名詞", "数詞") or _counted_word(m.text)}
        found: list[Token] = []
        at = 0
        for match, read in self._expressions(flat, numerals):
            said = read(match)
            if said is None or match.start() < at:
                continue
            found += self._words(flat, starts, morphemes, at, match.start())
            found += said
            at = match.end()
        found += self._words(flat, starts, morphemes, at, len(flat))
        return [Token(token.begin + begin, token.end + begin, token.spoken) for token in found]

    def _words(self, flat: str, starts: list[int], morphemes: list, begin: int, end: int) -> list[Token]:  # type: ignore[type-arg]
        """Sudachi's words between two places, cut where an expression reaches into them."""
        found: list[Token] = []
        first = bisect_left(starts, begin)
        if first and morphemes[first - 1].end > begin:
            first -= 1
        for morpheme in morphemes[first:]:
            if max(morpheme.begin, begin) >= end:
                break
            at, stop = max(morpheme.begin, begin), min(morpheme.end, end)
            word = flat[at:stop]
            if any(map(str.isalnum, word)):
                found.append(Token(at, stop, (self._word(word),)))
            elif said := _SYMBOLS.get(word):
                found.append(Token(at, stop, (said,)))
            elif word[0] in _SIGNS:
                found.append(Token(at, stop, ()))
        return found

    def _word(self, word: str) -> str:
        if word.isascii() and word.isalpha() and word.isupper():
            return _READ_AS_WORDS.get(word) or "".join(_LETTERS[letter] for letter in word)
        return word

    @cached_property
    def _shapes(self) -> tuple[list[Callable[[Match], list[Token] | None]], regex.Pattern[str]]:
        counters, units, money = _either(COUNTERS), _either(_UNITS), _either(_CURRENCIES)
        edge = r"(?![\p{Latin}\d])"
        rules: list[tuple[str, Callable[[Match], list[Token] | None]]] = [
            (_ADDRESS, self._web),
            (r"\d{4}([/-])\d\d?\1\d\d?(?![\d/-])", self._numeric_date),
            (r"0\d{1,4}-\d{1,4}-\d{3,4}(?!\d)|\+\d[\d -]{6,16}\d(?!\d)", lambda m: _one(m, digits(m[0]))),
            (r"\d\d?:\d\d(?::\d\d)?(?![:\d])", self._clock),
            (rf"{_NUMBER}分の{_NUMBER}", self._fraction),
            (r"\d{1,3}/\d{1,3}(?![\d/])", self._fraction),
            (rf"(?<![\p{{L}}\d])[-−](?:{_NUMBER})(?:{counters}|(?:{units}){edge})?", self._negative),
            (rf"(?:{money})\s?{_NUMBER}", self._money),
            (rf"{_NUMBER}[~〜-]{_NUMBER}(?:{counters}|(?:{units}){edge})?", self._range),
            (rf"{_NUMBER}\s?(?:{units}){edge}", self._quantity),
            (rf"第?{_NUMBER}(?:{counters})", self._counted),
            (rf"第?{_KANJI}(?:{counters})", self._counted_kanji),
            (r"[\p{Latin}\d]*\p{Latin}[\p{Latin}\d]*\d[\p{Latin}\d]*", self._code),
            (_NUMBER, self._plain),
        ]  # fmt: skip
        pattern = "|".join(f"(?P<rule{index}>{shape})" for index, (shape, _) in enumerate(rules))
        return [read for _, read in rules], regex.compile(_renumbered(pattern))

    def _expressions(self, flat: str, numerals: set[int]) -> list[tuple[Match, Callable[[Match], list[Token] | None]]]:
        """What is no plain word, in order."""
        reads, pattern = self._shapes
        found = []
        at = 0
        while match := pattern.search(flat, at):
            index = int((match.lastgroup or "rule0").removeprefix("rule"))
            first = match.start() + match[0].startswith("第")
            if not flat[first].isdecimal() and index == 11 and first not in numerals:
                at = match.start() + 1
                continue
            found.append((match, reads[index]))
            at = match.end()
        return found

    def _numeric_date(self, match: Match) -> list[Token] | None:
        year, month, day = (int(part) for part in regex.findall(r"\d+", match[0]))
        if not (1 <= month <= 12 and 1 <= day <= 31):
            return _one(match, "".join(digits(part) for part in regex.findall(r"\d+", match[0])))
        return _one(match, self.date(year, month, day))

    def _web(self, match: Match) -> list[Token] | None:
        address = regex.sub("^https?://", "", match[0]).rstrip("/")
        return _one(match, "".join(self._part_of_address(part) for part in regex.findall(r"\d+|[a-zA-Z]+|.", address)))

    def _part_of_address(self, part: str) -> str:
        if part.isdecimal():
            return digits(part)
        if part == "www" or (part.isalpha() and len(part) < 3):
            return self._word(part.upper())
        return part if part.isalnum() else _NAMES_OF_SIGNS.get(part) or _SYMBOLS.get(part, "")

    def _clock(self, match: Match) -> list[Token] | None:
        parts = [int(part) for part in match[0].split(":")]
        if parts[0] > 24 or parts[1] > 59:
            return _one(match, "たい".join(cardinal(part) for part in parts))
        said = counted(parts[0], "時") + (counted(parts[1], "分") if parts[1] else "")
        return _one(match, said + (counted(parts[2], "秒") if len(parts) > 2 else ""))

    def _fraction(self, match: Match) -> list[Token] | None:
        if "分の" in match[0]:
            lower, upper = match[0].split("分の")
            return _one(match, f"{with_scales(lower)}ぶんの{with_scales(upper)}")
        first, second = match[0].split("/")
        return _one(match, f"{with_scales(second)}ぶんの{with_scales(first)}")

    def _negative(self, match: Match) -> list[Token] | None:
        return _one(match, f"{self.minus}{_quantity(match[0][1:])}")

    def _money(self, match: Match) -> list[Token] | None:
        sign, amount = match[0][0], match[0][1:].strip()
        if sign in ("¥", "￥"):
            return _one(match, _counted(amount, "円"))
        whole, _, cents = amount.partition(".")
        if len(cents) == 2:
            parts = f"{with_scales(whole)}{_CURRENCIES[sign]}"
            small = {"$": "セント", "€": "セント", "£": "ペンス"}[sign]
            return _one(match, parts + (f"{cardinal(int(cents))}{small}" if int(cents) else ""))
        return _one(match, with_scales(amount) + _CURRENCIES[sign])

    def _range(self, match: Match) -> list[Token] | None:
        first, second = regex.split("[~〜-]", match[0], maxsplit=1)
        if "-" in match[0] and second.isdecimal() and max(len(first), len(second)) < 3:
            return _one(match, f"{with_scales(first)}たい{with_scales(second)}")  # a score
        return _one(match, f"{with_scales(first)}から{_quantity(second)}")

    def _quantity(self, match: Match) -> list[Token] | None:
        return _one(match, _quantity(match[0]))

    def _counted(self, match: Match) -> list[Token] | None:
        number = match[0].removeprefix("第")
        return _one(match, ("だい" if number != match[0] else "") + _quantity(number))

    def _counted_kanji(self, match: Match) -> list[Token] | None:
        text = match[0].removeprefix("第")
        number = regex.match(_KANJI, text)
        assert number is not None
        counter = text[number.end() :]
        if text == "一日" and match.string[match.start() - 1 : match.start()] != "月":
            return _one(match, "いちにち")
        said = counted(from_kanji(number[0]), counter)
        return _one(match, ("だい" if text != match[0] else "") + said)

    def _code(self, match: Match) -> list[Token] | None:
        said = []
        for part in regex.findall(r"\d+|\p{Latin}+", match[0]):
            if part.isdecimal():
                said.append(digits(part) if part[0] == "0" or len(part) > 4 else cardinal(int(part)))
            else:
                said.append(self._word(part))
        return _one(match, "".join(said))

    def _plain(self, match: Match) -> list[Token] | None:
        if len(match[0]) > 1 and match[0][0] == "0" and match[0].isdecimal():
            return _one(match, digits(match[0]))
        return _one(match, with_scales(match[0]))


def _one(match: Match, spoken: str) -> list[Token]:
    return [Token(match.start(), match.end(), (spoken,))]


def _quantity(text: str) -> str:
    """`3本`, `5km`, `3`."""
    number = regex.match(_NUMBER, text)
    assert number is not None
    rest = text[number.end() :].strip()
    if not rest:
        return with_scales(number[0])
    if rest in COUNTERS:
        return _counted(number[0], rest)
    said, unit = with_scales(number[0]), _UNITS[rest]
    if unit[0] in "カキクケコサシスセソタチツテトパピプペポ" and said.endswith("じゅう"):
        said = said.removesuffix("じゅう") + "じゅっ"
    return said + unit


def _counted(number: str, counter: str) -> str:
    plain = number.replace(",", "")
    if plain.isdecimal() and len(plain) < 37:
        return counted(int(plain), counter)
    return with_scales(number) + COUNTERS[counter][0]


def _counted_word(text: str) -> bool:
    """Whether a word of the dictionary is itself a number with its counter: 二十日, 三本."""
    number = regex.match(_KANJI, text)
    return number is not None and text[number.end() :] in COUNTERS and text not in _NO_COUNTS


def _renumbered(pattern: str) -> str:
    """The back reference of the date, which is the second group of its alternative."""
    return pattern.replace(r"([/-])\d\d?\1", r"(?P<sign>[/-])\d\d?(?P=sign)")
