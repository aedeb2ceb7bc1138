import numpy as np

from honmono.engines.tabular.matrix import FeatureFile, Matrix


def ragged(rows):
    """Rows of feature numbers whose values are the numbers too."""
    flat = np.array([feature for row in rows for feature in row])
    lengths = np.array([len(row) for row in rows])
    return Matrix(flat.astype(np.int32), flat.astype(np.float32), np.cumsum(lengths) - lengths, len(rows))


def listed(matrix):
    ends = np.cumsum(matrix.lengths())
    return [matrix.indices[end - length : end].tolist() for end, length in zip(ends, matrix.lengths(), strict=True)]


ROWS = [[0, 1], [0], [0, 2, 3], [0, 9]]


def test_slices_orders_and_joins_keep_rows_whole():
    matrix = ragged(ROWS)
    assert listed(matrix) == ROWS
    assert listed(matrix.slice(1, 3)) == ROWS[1:3]
    taken = matrix.take(np.array([2, 0]))
    assert listed(taken) == [ROWS[2], ROWS[0]] and taken.values.tolist() == [0, 2, 3, 0, 1]
    even = Matrix(np.array([0, 7, 0, 8], np.int32), None, None, 2)
    joined = Matrix.joined([matrix, even])
    assert listed(joined) == [*ROWS, [0, 7], [0, 8]] and joined.values[-1] == 1
    assert listed(even.take(np.array([1, 0]))) == [[0, 8], [0, 7]]


def test_a_file_gives_all_rows_back_and_shuffles_them_by_its_seed(tmp_path):
    blocks = [
        (ragged([[0, row] for row in range(first, first + 50)]), np.arange(first, first + 50.0)) for first in (1, 51)
    ]
    file = FeatureFile.write(tmp_path / "features.bin", iter(blocks))
    assert file.rows == 100
    again = FeatureFile(tmp_path / "features.bin")
    plain = np.concatenate([target for _, target in again.blocks()])
    assert plain.tolist() == list(range(1, 101))
    orders = []
    for seed in (1, 1, 2):
        [(matrix, target)] = again.blocks(np.random.default_rng(seed))
        assert [row[1] for row in listed(matrix)] == target.tolist(), "rows and targets stay together"
        orders.append(target.tolist())
    assert orders[0] == orders[1] != orders[2]
    assert sorted(orders[0]) == plain.tolist() != orders[0]
