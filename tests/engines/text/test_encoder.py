from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engines.text import by_hand
from honmono.engines.text.e5_graph import layer_weights
from honmono.engines.text.encoder import PACKED_FILE, WEIGHTS, Encoder, Trunk
from honmono.engines.text.packed_e5 import FourBitMatrix, PackedE5
from honmono.weights import Cache

pytestmark = pytest.mark.weights


def test_vectors_have_length_one(encoder: Encoder) -> None:
    vectors = encoder.encode(["a cat", "", "猫", "\ud800"])
    assert vectors.shape == (4, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_translations_are_nearer_than_other_sentences(encoder: Encoder) -> None:
    english = ["The train is late again.", "I bought fresh bread.", "The lake is frozen."]
    japanese = ["また電車が遅れている。", "焼きたてのパンを買った。", "湖が凍っている。"]
    closeness = encoder.encode(english) @ encoder.encode(japanese).T
    assert closeness.argmax(axis=1).tolist() == [0, 1, 2]


def test_queries_find_their_passages(encoder: Encoder) -> None:
    queries = encoder.encode(["how long do eggs boil"], prefix="query: ")
    passages = ["Boil the eggs for eight minutes.", "The bridge was built in 1932.", "Eggs are sold by the dozen."]
    assert (queries @ encoder.encode(passages, prefix="passage: ").T).argmax() == 0


def test_a_text_has_the_same_vector_whatever_stands_beside_it(encoder: Encoder) -> None:
    alone = encoder.encode(["The lake is frozen."])[0]
    beside = encoder.encode(["A much longer sentence about something else entirely!!!", "The lake is frozen."])[1]
    assert np.array_equal(alone, beside)


def test_spaces_and_width_do_not_matter(encoder: Encoder) -> None:
    vectors = encoder.encode(["ガギグ ABC", "  ｶﾞｷﾞｸﾞ\u3000ＡＢＣ\n", "ガギグ\tABC"])
    assert np.array_equal(vectors[0], vectors[1])
    assert np.array_equal(vectors[0], vectors[2])


def test_pieces_are_the_models_own(trunk: Trunk) -> None:
    # Counted with the packed file's own C program.
    assert trunk.count_tokens("query: Short answer: No.") == 8
    assert trunk.count_tokens("query: これはとても良い商品です。") == 9


def test_long_text_is_read_to_its_end(encoder: Encoder) -> None:
    weather = "The sun is shining over the hills. " * 80
    with_end = encoder.encode([weather, weather + "The bank raised its interest rate. " * 80])
    assert len(encoder.token_states(weather)) > 1
    assert with_end[0] @ with_end[1] < 0.98


def test_int8_stays_close_to_float32(encoder: Encoder, trunk: Trunk) -> None:
    texts = ["The waiter was rude 😡 and the soup cold.", "焼きたてのパンを買いました。", "ok"]
    source = PackedE5(Cache().path(WEIGHTS, PACKED_FILE))
    words = source.matrix("emb.word", 384)
    places = source.floats("emb.pos").reshape(-1, 384) + source.floats("emb.type")[:384]
    epsilon = source.sizes.epsilon
    layers = [layer_weights(source, number) for number in range(source.sizes.layers)]
    for text, got in zip(texts, encoder.encode(texts), strict=True):
        ids = trunk.token_ids("query: " + text)[0][0]
        rows = FourBitMatrix(words.nibbles[ids], words.scales[ids]).dequantised()
        states = by_hand.norm(rows + places[: len(ids)], source.floats("emb.ln.w"), source.floats("emb.ln.b"), epsilon)
        for weights in layers:
            states = by_hand.layer(states, weights, source.sizes.heads, epsilon)
        mean = states.mean(axis=0)
        assert got @ mean / np.linalg.norm(mean) > 0.99


def test_engines_of_one_process_share_the_trunk_while_one_holds_it(trunk: Trunk) -> None:
    assert Trunk.from_cache(Cache()) is trunk


@pytest.mark.parametrize("spoil", ["cut", "changed"])
def test_a_damaged_graph_is_made_again(encoder: Encoder, tmp_path: Path, spoil: str) -> None:
    (tmp_path / "weights").symlink_to(Cache().folder / "weights")
    cache = Cache(tmp_path)
    Encoder.from_cache(cache)
    [graph] = tmp_path.glob("derived/*/top.onnx")
    whole = graph.read_bytes()
    graph.write_bytes(whole[: len(whole) // 2] if spoil == "cut" else b"\xff" * 64 + whole[64:])
    again = Encoder.from_cache(cache)
    assert np.array_equal(again.encode(["a cat"]), encoder.encode(["a cat"]))
    assert graph.read_bytes() == whole
