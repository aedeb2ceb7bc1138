"""What the tests of custom entity recognition share: texts about made-up machines and staff, and their annotations."""

import time
from collections.abc import Iterable, Sequence
from typing import Any

from tests.services.comprehend.custom import Custom

Marked = tuple[str, list[tuple[str, str]]]
"""A text, and what it names with its type, in order."""

_MACHINES = [
    "AX-12", "BR-7", "Corvo", "Delta-9", "Erion", "FX-300", "Gravel", "Helios-2", "Indra", "JT-45", "Kappa", "Lumen",
]  # fmt: skip
_PEOPLE = [
    "Ada Brenner", "Boris Keller", "Chiara Neri", "Dario Vogt", "Emma Lund", "Farid Amari", "Greta Holm", "Hugo Paz",
    "Irene Costa", "Jonas Wirth", "Karin Solberg", "Luca Ferri",
]  # fmt: skip
_SENTENCES = [
    "The {machine} stopped after ten minutes and {engineer} repaired it.",
    "{engineer} says that the {machine} needs a new filter.",
    "Please send a spare lid for the {machine} to our office.",
    "Our engineer {engineer} will call you tomorrow.",
    "I bought a {machine} last week and it is very loud.",
    "Nothing was delivered on Monday.",
    "Ask {engineer} whether the {machine} can be cleaned with water.",
    "We compared the {machine} with an older model.",
]
_機械 = ["雷電", "疾風", "月光号", "銀河三型", "紫電改", "白鷺", "海燕", "岩鉄", "若葉号", "流星"]
_技師 = ["佐藤健", "鈴木花子", "高橋実", "田中涼", "伊藤恵", "渡辺翔", "山本葵", "中村蓮", "小林結", "加藤陸"]
_文 = [
    "{machine}が十分で止まり、技師の{engineer}さんが直しました。",
    "技師の{engineer}さんによると、{machine}は部品の交換が必要です。",
    "先週{machine}を買いましたが、音が大きいです。",
    "{machine}の蓋を送ってください。",
    "明日、技師の{engineer}さんがお電話します。",
    "月曜日には何も届きませんでした。",
]


def english(count: int = 96) -> list[Marked]:
    return _written(_SENTENCES, _MACHINES, _PEOPLE, count)


def japanese(count: int = 90) -> list[Marked]:
    return _written(_文, _機械, _技師, count)


def _written(sentences: Sequence[str], machines: Sequence[str], people: Sequence[str], count: int) -> list[Marked]:
    found: list[Marked] = []
    for number in range(count):
        pattern = sentences[number % len(sentences)]
        names = {"MACHINE": machines[number * 5 % len(machines)], "ENGINEER": people[number * 7 % len(people)]}
        places = sorted((pattern.find(f"{{{kind.lower()}}}"), kind) for kind in names)
        marks = [(names[kind], kind) for at, kind in places if at >= 0]
        found.append((pattern.format(**{kind.lower(): name for kind, name in names.items()}), marks))
    return found


def lines(marked: Iterable[Marked]) -> str:
    return "".join(f"{text}\n" for text, _ in marked)


def annotations(marked: Iterable[Marked], file: str = "documents.txt") -> str:
    rows = ["File, Line, Begin Offset, End Offset, Type"]
    for number, (text, marks) in enumerate(marked):
        for name, kind in marks:
            begin = text.index(name)
            rows.append(f"{file}, {number}, {begin}, {begin + len(name)}, {kind}")
    return "\n".join(rows) + "\n"


class Recognizing(Custom):
    """A server with a role and a bucket, and the steps that most tests begin with."""

    def config(self, folder: str, marked: Sequence[Marked], types: Sequence[str] = ("MACHINE", "ENGINEER")) -> Any:
        """InputDataConfig of documents a line with annotations."""
        return {
            "EntityTypes": [{"Type": kind} for kind in types],
            "Documents": {"S3Uri": self.put(f"{folder}/documents.txt", lines(marked))},
            "Annotations": {"S3Uri": self.put(f"{folder}/annotations.csv", annotations(marked))},
        }

    def train(self, name: str, config: Any, *, language: str = "en", **more: Any) -> str:
        return self.comprehend.create_entity_recognizer(
            RecognizerName=name,
            DataAccessRoleArn=self.role,
            InputDataConfig=config,
            LanguageCode=language,
            **more,
        )["EntityRecognizerArn"]

    def recognizer(self, arn: str) -> dict[str, Any]:
        return self.comprehend.describe_entity_recognizer(EntityRecognizerArn=arn)["EntityRecognizerProperties"]

    def trained(self, arn: str, seconds: float = 90) -> dict[str, Any]:
        """The recognizer once its training has ended."""
        ends = time.monotonic() + seconds
        while (found := self.recognizer(arn))["Status"] in ("SUBMITTED", "TRAINING", "STOP_REQUESTED"):
            assert time.monotonic() < ends, f"still {found}"
            time.sleep(0.1)
        return found

    def failed(self, name: str, config: Any) -> str:
        """The message of a training that must fail."""
        found = self.trained(self.train(name, config))
        assert found["Status"] == "IN_ERROR", found
        assert "RecognizerMetadata" not in found
        return found["Message"]

    def entities(self, endpoint: str, text: str) -> list[tuple[str, str]]:
        """What an endpoint finds; the offsets are held against the text."""
        found = self.comprehend.detect_entities(Text=text, EndpointArn=endpoint)["Entities"]
        for each in found:
            assert each["Text"] == text[each["BeginOffset"] : each["EndOffset"]]
            assert 0 < each["Score"] <= 1
        return [(each["Text"], each["Type"]) for each in found]
