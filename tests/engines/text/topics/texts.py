"""Two small collections on different subjects, in English and in Japanese, and a mixture of each pair."""

import random

_KITCHEN = (
    "boil the pasta in salted water", "fry the onion and the garlic in butter", "bake the bread in a hot oven",
    "add the sugar and the flour to the bowl", "stir the soup and season it with pepper", "slice the tomato and the cheese",
    "whisk the eggs with milk and sugar", "let the dough rest before the oven is hot", "pour the sauce over the pasta",
    "serve the soup with bread and butter", "grate the cheese over the onion soup", "knead the dough with flour and water",
)  # fmt: skip
_FOOTBALL = (
    "the striker scored a goal in the final", "the goalkeeper saved the penalty", "the coach praised the team after the match",
    "the referee showed a red card", "the league table is led by the champions", "fans filled the stadium for the derby",
    "the midfielder passed the ball to the striker", "the team lost the match in the last minute",
    "the club signed a young goalkeeper", "a penalty decided the cup final", "the defender blocked the ball on the line",
    "the champions won the league and the cup",
)  # fmt: skip
_料理 = (
    "鍋で野菜を煮込みます", "玉ねぎと人参をバターで炒めます", "砂糖と小麦粉を混ぜて生地を作ります", "オーブンでパンを焼きます",
    "卵と牛乳を泡立てます", "スープに塩と胡椒を加えます", "野菜を薄く切ってサラダにします", "生地を冷蔵庫で寝かせます",
    "醤油と砂糖で肉を煮ます", "フライパンで肉と玉ねぎを炒めます",
)  # fmt: skip
_鉄道 = (
    "新幹線は東京駅を出発しました", "電車が信号の故障で遅れています", "駅のホームで乗客が列車を待っています",
    "鉄道会社が新しい車両を導入しました", "線路の工事で列車が運休します", "終点の駅で特急に乗り換えます",
    "運転士が列車を緊急停止させました", "切符を改札で確認します", "地下鉄の路線が空港まで延びました",
    "特急列車の車両が駅に到着しました",
)  # fmt: skip


def collection(sentences: tuple[str, ...], number: int, *, seed: int = 1, join: str = ". ") -> list[str]:
    """Documents of three sentences each."""
    chance = random.Random(seed)
    return [join.join(chance.sample(sentences, 3)) for _ in range(number)]


def english(number: int = 60) -> list[str]:
    """The even ones are on the kitchen, the odd ones on football."""
    pairs = zip(collection(_KITCHEN, number // 2), collection(_FOOTBALL, number // 2), strict=True)
    return [text for pair in pairs for text in pair]


def japanese(number: int = 60) -> list[str]:
    """The even ones are on cooking, the odd ones on railways."""
    pairs = zip(collection(_料理, number // 2, join="。"), collection(_鉄道, number // 2, join="。"), strict=True)
    return [text for pair in pairs for text in pair]
