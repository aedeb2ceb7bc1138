"""Find dates, amounts and addresses of the net by grammars, in seven languages.

What counts is AWS's reading of its types: DATE is a date, day, month, year or time of day; QUANTITY is money, a
percentage, a measure, a length of time, a counted or ordinal number, without the noun that is counted ("19" of "19
people"); OTHER is an address of the web or of mail, or a telephone number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from honmono.engines.text.grammar_words import LATIN, Words

CERTAIN, LIKELY = 0.99, 0.9
"""Scores of a match that can hardly be anything else (a full date, money, a percentage), and of the others (a number by
itself, "Sunday"). Rules know no probabilities: these stand for the precision to expect."""


@dataclass(frozen=True, slots=True)
class Match:
    """Characters begin … end of a text that a grammar knows."""

    begin: int
    end: int
    type: str
    score: float


def find(text: str, language: str) -> list[Match]:
    """The matches in order, none overlapping: at each place the first rule's, and the longest of a rule."""
    found: list[Match] = []
    taken = bytearray(len(text))
    for rule in _rules(language):
        for match in rule.pattern.finditer(text):
            begin, end = match.span()
            if begin < end and not any(taken[begin:end]):
                taken[begin:end] = b"\1" * (end - begin)
                found.append(Match(begin, end, rule.type, rule.score))
    return sorted(found, key=lambda match: match.begin)


@dataclass(frozen=True, slots=True)
class _Rule:
    type: str
    score: float
    pattern: re.Pattern[str]


_ADDRESS = _Rule(
    "OTHER",
    CERTAIN,
    re.compile(
        r"(?:https?://|(?<!\w)www\.)[!#-;=?-~]*[A-Za-z0-9/=#&_~-]"
        r"|(?<![\w.+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
    ),
)
_TELEPHONE = _Rule(
    "OTHER",
    LIKELY,
    re.compile(
        r"(?<![\w.+-])(?:\+\d{1,3}[ -]?(?:\(\d{1,4}\)[ -]?)?\d{1,4}(?:[ -]\d{2,4}){1,4}"
        r"|\(\d{3}\) ?\d{3}-\d{4}|\d{3}-\d{3}-\d{4}|"
        r"0\d{1,4}-\d{1,4}-\d{3,4})(?![\w-])"
    ),
)
_YEAR = r"(?:1[0-9]|20)\d{2}"
_WRITTEN_DATE = (
    rf"{_YEAR}-\d{{2}}-\d{{2}}(?:T\d{{2}}:\d{{2}}(?::\d{{2}})?Z?)?"
    rf"|\d{{1,2}}/\d{{1,2}}/\d{{2,4}}|{_YEAR}/\d{{1,2}}/\d{{1,2}}"
)
_TIME = r"(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?"
_FIGURE = r"\d{1,3}(?:[.,\u00a0\u202f ’']\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"


@cache
def _rules(language: str) -> tuple[_Rule, ...]:
    """The rules of a language, the surer first."""
    own = _japanese() if language == "ja" else _latin(LATIN[language])
    return (_ADDRESS, _TELEPHONE, *own)


def _latin(words: Words) -> Iterator[_Rule]:
    month = f"(?:{words.months}|{words.shared_months})"
    day = rf"\d{{1,2}}(?:{words.ordinal})?"
    weekday = rf"(?:{words.weekdays})"
    spelled = f"(?:{words.numbers})(?:{words.glue}(?:{words.numbers}|{words.one}))*"
    scale = f"(?:[ -]?(?:{words.scales}))"
    figures = f"(?:{_FIGURE}){scale}{{0,2}}"
    spelled_amount = f"(?:(?:{spelled}|{words.one}){scale}{{0,2}}|(?:{words.article}) (?:{words.scales}))"
    amount = f"(?:{figures}|{spelled_amount})"
    in_front, behind = words.ago
    dates = [
        _WRITTEN_DATE,
        rf"(?:{weekday},? (?:the )?)?{day}{words.of}{month}(?:{words.of}{_YEAR})?(?:,? {_TIME})?",
        rf"(?:{weekday},? )?{month} {day}(?:,? {_YEAR})?",
        rf"{month}{words.of}{_YEAR}",
        r"\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})?",
        rf"(?:{_TIME}|\d{{1,2}})(?:{words.clock})|{_TIME}",
    ]
    yield _rule("DATE", CERTAIN, *dates)
    yield _rule("DATE", LIKELY, rf"{in_front}(?:{amount}|{words.article}) (?:{words.spans}){behind}")
    yield _rule("QUANTITY", CERTAIN,
        rf"(?:US|HK|A|C|R)?[$€£¥₩₹]\s?(?:{_FIGURE}){scale}?",
        rf"(?:{figures} ?|{spelled_amount} )(?:{words.money})",
        rf"(?:{figures}\s?|{spelled_amount} )(?:{words.units})",
        rf"{figures}\s?[$€£¥₩₹]",
    )  # fmt: skip
    yield _rule("QUANTITY", LIKELY, rf"{amount}[ -](?:{words.spans})")
    yield _rule("DATE", LIKELY, words.moments,
        rf"{weekday}(?: (?:{words.day_parts}))?",
        words.months,
        rf"(?<=\b(?:{{before}}) )(?:{words.shared_months})",
        rf"{_YEAR}s?",
        before=words.before_month,
    )  # fmt: skip
    yield _rule("QUANTITY", LIKELY,
        rf"(?:{_FIGURE})(?:[ -]?(?:{words.scales}))?",
        rf"{spelled}(?: (?:{words.scales})){{0,2}}",
        rf"(?:{words.article}|{words.one}) (?:{words.scales})",
        rf"\d+(?:{words.ordinal})" if words.ordinal.isalpha() or "|" in words.ordinal else r"\d+º",
        words.ordinals,
    )  # fmt: skip


def _rule(kind: str, score: float, *alternatives: str, before: str = "") -> _Rule:
    """One pattern of all alternatives. It begins and ends at the edge of a word and is no part of a longer number.

    Only a lookbehind of one length is possible: an alternative with {before} becomes one for each of the words.
    """
    whole: list[str] = []
    for alternative in alternatives:
        if "{before}" in alternative:
            whole += [alternative.replace("{before}", word) for word in before.split("|")]
        else:
            whole.append(alternative)
    # The longest alternative should win, and regular expressions take the first: longer forms stand first.
    joined = "|".join(f"(?:{alternative})" for alternative in whole)
    return _Rule(kind, score, re.compile(rf"(?<![\w.,:/-])(?<![$€£¥])(?:{joined})(?![\w])(?![.,:/-]\d)", re.IGNORECASE))


_KANJI = "[〇一二三四五六七八九十百千]+"
_DIGITS = r"[0-9０-９]+"
_COUNT = rf"(?:{_DIGITS}|{_KANJI})"
_ERA = "(?:令和|平成|昭和|大正|明治|西暦|紀元前)"
_AMOUNT = (
    r"(?:[0-9０-９]{1,3}(?:[,，][0-9０-９]{3})+|[0-9０-９]+)(?:[.．][0-9０-９]+)?"
    r"(?:[百千万億兆]+(?:[0-9０-９,，]+[千万億]?)*)?"
)
_KANJI_AMOUNT = "[〇一二三四五六七八九十百千万億兆数何]*[〇一二三四五六七八九十百千万億兆]"
_COUNTERS = (
    "(?:米|香港|豪)?ドル|円|ユーロ|ポンド|元|ウォン|フラン|セント|パーセント|ポイント|[%％‰]|割|人(?![前名物種口間生類事])|名(?![前称])|個|本|"
    "枚|台|冊|匹|頭|羽|回|件|便|歳|才|倍|位|点|階|度|つ|社|校|か国|カ国|ヶ国|ヵ国|か所|カ所|ヶ所|軒|戸|隻|機|両|杯|勝|敗|試合|"
    "話|巻|章|曲|店|局|番組|コマ|ヤード|フィート|マイル|インチ|種類|番目|回目|つ目|人目|作目|代目|部|票|席|トン|(?:キロ|ミリ|センチ)?(?:メートル|グラム|リットル)|キロ|平方(?:キロ)?メートル|"
    "ヘクタール|バイト|ワット|ボルト|ヘルツ|kg|km|cm|mm|㎡|㎞|㎏|㎝|㎜|℃|[kKMGT]B|[kMG]?W|[kMG]?Hz|m(?![a-z])|g(?![a-z])"
)
_SPANS = "年間|年半|[かカヶヵケ]月(?:間)?|ヶ月(?:間)?|週間|日間|時間|分間|秒間|秒|泊|世紀"


def _japanese() -> Iterator[_Rule]:
    hours = (
        rf"(?:(?:午前|午後|早朝|深夜)?{_COUNT}時(?!間|代|点|期)(?:半|{_COUNT}分(?!間))?(?:ごろ|頃)?"
        r"|[0-9０-９]{1,2}[:：][0-9０-９]{2})"
    )
    year = rf"(?:{_ERA}(?:元|{_COUNT})|[0-9０-９]{{4}}|[〇一二三四五六七八九十千]{{4}})年(?!間|生|度?代表|目)(?:度|代)?"
    day = rf"{_COUNT}日(?!間|目|後|前|本)(?:[(（][月火水木金土日][)）])?"
    month = rf"{_COUNT}月(?!間)"
    weekday = "[月火水木金土日]曜日?"
    dates = [
        rf"{year}{month}{day}(?:{weekday})?(?:の?{hours})?",
        rf"{year}{month}(?:上旬|中旬|下旬|末)?",
        rf"{month}{day}(?:の?{hours})?",
        rf"{year}(?:初頭|末|前半|後半)?",
        rf"{month}(?:上旬|中旬|下旬|末)?",
        r"[0-9０-９]{4}[-/／][0-9０-９]{1,2}[-/／][0-9０-９]{1,2}",
        hours,
        rf"{_COUNT}(?:世紀|年代)(?:初頭|末|前半|後半)?",
    ]
    yield _japanese_rule("DATE", CERTAIN, *dates)
    yield _japanese_rule("DATE", LIKELY,
        rf"{_COUNT}(?:年|[かカヶヵケ]月|週間|日|時間|分)(?:前|後)(?!半)",
        day,
        rf"(?:先週|今週|来週|毎週)の?{weekday}",
        weekday,
        "(?:今日|明日|昨日|一昨日|明後日|今朝|今夜|昨夜|今晩|昨晩|先週末?|今週末?|来週|再来週|先月末?|今月末?|来月|今年|昨年|去年|来年|"
        "再来年|一昨年|同年|同月|同日|翌年|翌月|翌日|前年|前日|本日|当日|正午)(?!度)",
    )  # fmt: skip
    yield _japanese_rule("QUANTITY", CERTAIN,
        rf"[$＄¥￥€]{_AMOUNT}", rf"{_AMOUNT}(?:{_SPANS})", rf"{_AMOUNT}(?:{_COUNTERS})", rf"{_AMOUNT}年(?!生|度)",
    )  # fmt: skip
    yield _japanese_rule(
        "QUANTITY", LIKELY, rf"第{_COUNT}[回位代]?", rf"{_KANJI_AMOUNT}(?:{_SPANS}|{_COUNTERS})", _AMOUNT
    )


def _japanese_rule(kind: str, score: float, *alternatives: str) -> _Rule:
    joined = "|".join(f"(?:{alternative})" for alternative in alternatives)
    digit = "0-9０-９"
    before = rf"(?<![A-Za-z{digit}.．,，〇一二三四五六七八九十百千万億第])(?<![A-Za-z{digit}]-)"
    behind = rf"(?![A-Za-z{digit}])(?!(?<=[{digit}])-)"
    return _Rule(kind, score, re.compile(f"{before}(?:{joined}){behind}"))
