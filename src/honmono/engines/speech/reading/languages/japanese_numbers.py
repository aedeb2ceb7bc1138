"""Numbers of Japanese in kana: さんびゃく, ろっぴゃく, はっせん."""

from __future__ import annotations

import regex

_ONES = ["", "いち", "に", "さん", "よん", "ご", "ろく", "なな", "はち", "きゅう"]
_HUNDREDS = {1: "ひゃく", 3: "さんびゃく", 6: "ろっぴゃく", 8: "はっぴゃく"}
_THOUSANDS = {1: "せん", 3: "さんぜん", 8: "はっせん"}
_SCALES = ["", "まん", "おく", "ちょう", "けい", "がい", "じょ", "じょう", "こう"]
_KANJI = {character: value for value, character in enumerate("〇一二三四五六七八九")}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "億": 10**8, "兆": 10**12}
_LONGEST = 36


def cardinal(number: int) -> str:
    """An integer from 0; more than 36 digits are said one by one."""
    if number == 0:
        return "ゼロ"
    if number >= 10**_LONGEST:
        return digits(str(number))
    said = ""
    for scale in range(len(_SCALES) - 1, -1, -1):
        four = number // 10 ** (4 * scale) % 10_000
        if not four:
            continue
        part = _below_ten_thousand(four)
        if scale and four == 1000:
            part = "いっせん"
        if _SCALES[scale] in ("ちょう", "けい"):
            part = _doubled(part, "ち" if _SCALES[scale] == "ちょう" else "け")
        said += part + _SCALES[scale]
    return said


def _below_ten_thousand(number: int) -> str:
    thousands, hundreds, tens, ones = (number // power % 10 for power in (1000, 100, 10, 1))
    said = _THOUSANDS.get(thousands, f"{_ONES[thousands]}せん") if thousands else ""
    said += _HUNDREDS.get(hundreds, f"{_ONES[hundreds]}ひゃく") if hundreds else ""
    said += ("" if tens == 1 else _ONES[tens]) + "じゅう" if tens else ""
    return said + _ONES[ones]


def _doubled(number: str, sound: str) -> str:
    """1兆: いっちょう; 10兆: じゅっちょう; 6京: ろっけい."""
    ends = {"いち": "いっ", "はち": "はっ", "じゅう": "じゅっ"}
    if sound == "け":
        ends["ろく"] = "ろっ"
    for end, changed in ends.items():
        if number.endswith(end):
            return number.removesuffix(end) + changed
    return number


def digits(text: str) -> str:
    """Each digit alone; all else falls out."""
    return "".join("ゼロ" if one == "0" else _ONES[int(one)] for one in text if one.isdecimal())


def decimal(text: str) -> str:
    """`3.14`, `1,000`: さんてんいちよん."""
    whole, _, small = text.replace(",", "").partition(".")
    if not small:
        return cardinal(int(whole)) if len(whole) <= _LONGEST else digits(whole)
    said = "れい" if int(whole) == 0 else cardinal(int(whole)) if len(whole) <= _LONGEST else digits(whole)
    return f"{_doubled(said, 'て')}てん{digits(small)}"


def with_scales(text: str) -> str:
    """`2億3000万`, `1.5万`, `3`."""
    said = ""
    parts = regex.findall(r"([\d,.]+)([万億兆千百]?)", text)
    total = 0
    if sum(map(str.isdecimal, text)) > _LONGEST:
        return digits(text)
    if len(parts) == 1 and not parts[0][1]:
        return decimal(parts[0][0])
    for number, scale in parts:
        value = _POWERS.get(scale) or _MYRIADS.get(scale) or 1
        if "." in number:
            said += (
                decimal(number)
                + {"万": "まん", "億": "おく", "兆": "ちょう", "千": "せん", "百": "ひゃく", "": ""}[scale]
            )
        else:
            total += int(number.replace(",", "")) * value
    return (cardinal(total) if total or not said else "") + said


def from_kanji(text: str) -> int:
    """三百二十: 320; 二〇二六: 2026."""
    if not any(character in _POWERS or character in _MYRIADS for character in text):
        return int("".join(str(_KANJI[character]) for character in text))
    total = part = digit = 0
    for character in text:
        if character in _KANJI:
            digit = digit * 10 + _KANJI[character]
        elif character in _POWERS:
            part += (digit or 1) * _POWERS[character]
            digit = 0
        else:
            total += (part + digit or 1) * _MYRIADS[character]
            part = digit = 0
    return total + part + digit
