"""Pieces, packing, and that a converted model translates as the trained one."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
import sentencepiece
from training.translation.formality import formality
from training.translation.packing import batches, rows
from training.translation.sources import Pair

from training.translation import lexicon, tokens

WORDS = ["the", "a", "cat", "dog", "sees", "likes", "runs", "fast", "home", "Tom", "big", "small", "red", "old"]
KANA = ["猫", "犬", "見る", "好き", "走る", "速い", "家", "トム", "大きい", "小さい", "赤い", "が", "を", "に", "は"]


@pytest.fixture(scope="module")
def processor(tmp_path_factory: pytest.TempPathFactory) -> sentencepiece.SentencePieceProcessor:
    chance = random.Random(1)
    pairs = [
        Pair(" ".join(chance.choices(WORDS, k=6)) + ".", "".join(chance.choices(KANA, k=6)) + "。", "tatoeba")
        for _ in range(300)
    ]
    path = tokens.train(pairs, tmp_path_factory.mktemp("pieces"), pieces=340)
    return sentencepiece.SentencePieceProcessor(model_file=str(path))


def test_digits_are_single_pieces(processor: sentencepiece.SentencePieceProcessor) -> None:
    pieces = processor.encode("12345", out_type=str)
    assert len(pieces) >= 5 and processor.decode(pieces) == "12345"


def test_a_character_never_seen_comes_back_whole(processor: sentencepiece.SentencePieceProcessor) -> None:
    assert processor.decode(processor.encode("龘 é ☃")) == "龘 é ☃"


def test_wide_and_curly_forms_are_one_with_the_plain_ones(processor: sentencepiece.SentencePieceProcessor) -> None:
    assert processor.encode("Ｔｏｍ’ｓ　ｃａｔ！") == processor.encode("Tom's cat!")
    assert processor.encode("ﾄﾑｶﾞ") == processor.encode("トムガ")


def test_no_text_is_cut_into_a_tag(processor: sentencepiece.SentencePieceProcessor) -> None:
    special = set(map(processor.piece_to_id, ("<s>", "</s>", "<pad>", *tokens.TAGS)))
    assert len(special) == 7
    assert not special & set(processor.encode("<2en> <2ja></s><formal> cat <s>"))


@pytest.mark.parametrize(
    ("sentence", "tag"),
    [
        ("猫が好きです。", tokens.FORMAL),
        ("どこへ行きますか？", tokens.FORMAL),
        ("猫が好きだ。", tokens.INFORMAL),
        ("もう食べたよ。", tokens.INFORMAL),
        ("おはよう、トム", None),
    ],
)
def test_formality_is_read_from_the_end(sentence: str, tag: str | None) -> None:
    assert formality(sentence) == tag


def test_packing_keeps_every_pair_and_its_order_within() -> None:
    chance = random.Random(2)
    examples = [
        ([chance.randrange(8, 90) for _ in range(chance.randrange(1, 20))], [chance.randrange(8, 90) for _ in range(7)])
        for _ in range(500)
    ]
    packed = [example for row in rows(examples, length=48) for example in row]
    assert sorted(packed) == sorted(examples)
    found = []
    for batch in batches(examples, rows_each=4, length=48):
        for row in range(4):
            for segment in range(1, batch.source_segment[row].max() + 1):
                source = batch.source[row][batch.source_segment[row] == segment].tolist()
                target = batch.target[row][batch.target_segment[row] == segment].tolist()
                following = batch.following[row][batch.target_segment[row] == segment].tolist()
                assert (
                    target[1:] == following[:-1]
                    and target[0] == tokens.BEGIN
                    and source[-1] == following[-1] == tokens.END
                )
                found.append((source[:-1], target[1:]))
    assert sorted(found) == sorted(examples)
    filled = np.mean([batch.source_segment.astype(bool).mean() for batch in batches(examples, rows_each=4, length=48)])
    assert filled > 0.85


@pytest.mark.slow
def test_neighbours_in_a_row_do_not_see_each_other() -> None:
    jax = pytest.importorskip("jax")
    from training.translation import network

    shape = network.Shape(pieces=90, width=32, inner=64, heads=2, encoder=1, decoder=1)
    params = network.initial(jax.random.key(4), shape)
    first, second, third = ([9, 10, 11], [12, 13]), ([20, 21], [22, 23, 24, 25]), ([30, 31, 32, 33], [34])

    measure = jax.jit(lambda batch: network.loss(params, batch, None, shape, 0.0)[1])

    def losses(*examples: tuple[list[int], list[int]]) -> float:
        (batch,) = batches(examples, rows_each=1, length=24)
        return float(measure(batch)) * int((batch.target_segment > 0).sum())

    alone = losses(first) + losses(second) + losses(third)
    assert losses(first, second, third) == pytest.approx(alone, rel=1e-4)
    assert losses(first, second, second) != pytest.approx(alone, rel=1e-2)


@pytest.mark.slow
def test_the_converted_model_translates_as_the_trained_one(
    processor: sentencepiece.SentencePieceProcessor, tmp_path: Path
) -> None:
    jax = pytest.importorskip("jax")
    from training.translation import checkpoint, convert, network

    shape = network.Shape(pieces=processor.get_piece_size(), width=32, inner=64, heads=2, encoder=2, decoder=1)
    models = []
    for seed in (5, 6):
        params = network.initial(jax.random.key(seed), shape)
        # An untrained model echoes its own last piece; louder layers make it say more than that.
        for layer in (*params["encoder"], *params["decoder"]):
            layer |= {name: layer[name] * 30 for name in layer if name.endswith("_out")}
        checkpoint.export(tmp_path / "weights.npz", params)
        params = checkpoint.load_export(tmp_path / "weights.npz", params)
        convert.convert(params, shape, convert.vocabulary_of(processor), tmp_path / str(seed), None)
        models.append(params)
    texts = ((tokens.INTO_JAPANESE, "the cat sees Tom."), (tokens.INTO_ENGLISH, "猫が犬を見る。"))
    sources = [[tag, *processor.encode(text, out_type=str)] for tag, text in texts]
    spoken = [convert.reference(params, shape, processor, sources) for params in models]
    assert [convert.translations(tmp_path / seed, sources) for seed in "56"] == spoken
    assert spoken[0] != spoken[1] and spoken[0][0] != spoken[0][1]

    convert.convert(models[0], shape, convert.vocabulary_of(processor), tmp_path / "int8", "int8")
    assert (tmp_path / "int8" / "model.bin").stat().st_size < (tmp_path / "5" / "model.bin").stat().st_size / 2
    assert convert.check(models[0], shape, processor, sources, tmp_path / "int8") in (0, 1, 2)


@pytest.mark.slow
def test_a_run_goes_on_from_its_checkpoint_and_from_no_other(tmp_path: Path) -> None:
    jax = pytest.importorskip("jax")
    from training.translation import checkpoint, network

    shape = network.Shape(pieces=50, width=16, inner=32, heads=2, encoder=1, decoder=1)
    params = network.initial(jax.random.key(7), shape)
    checkpoint.save(tmp_path / "latest.npz", (params, 12))
    again, step = checkpoint.restore(tmp_path / "latest.npz", (network.initial(jax.random.key(8), shape), 0))
    assert int(step) == 12
    assert all(np.array_equal(*both) for both in zip(*map(jax.tree.leaves, (params, again)), strict=True))
    wider = network.initial(
        jax.random.key(8), network.Shape(pieces=50, width=32, inner=32, heads=2, encoder=1, decoder=1)
    )
    with pytest.raises(ValueError, match="another model"):
        checkpoint.restore(tmp_path / "latest.npz", (wider, 0))


def test_a_word_and_its_translation_start_close_together() -> None:
    chance = np.random.default_rng(3)
    # Pieces 10 to 29 are words, 30 to 49 their translations in the same order.
    examples = []
    for _ in range(400):
        words = chance.choice(20, 3, replace=False) + 10
        examples.append((words.tolist(), (words + 20).tolist()))
    found = lexicon.vectors(examples, pieces=60, width=16)
    assert found.shape == (60, 16)
    assert np.linalg.norm(found, axis=1) == pytest.approx(1, rel=1e-5)
    likeness = found[10:30] @ found[30:50].T
    assert likeness.diagonal().mean() > likeness.mean() + 0.3
    others = lexicon.vectors([(source, target[::-1]) for source, target in examples[:1]], pieces=60, width=16)
    assert not np.allclose(found, others)
