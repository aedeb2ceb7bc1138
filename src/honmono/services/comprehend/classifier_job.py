"""The job that trains a document classifier: it reads the examples, trains, measures, and leaves the model's files."""

from __future__ import annotations

import io
import json
import os
import tarfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from honmono.jobs import JobRun, job
from honmono.services.comprehend.labelled import (
    Labelled,
    check_test,
    check_training,
    read_csv,
    read_manifest,
)
from honmono.services.comprehend.labelled_documents import Skipped, read_native_csv
from honmono.services.comprehend.output_data import ARCHIVE
from honmono.services.comprehend.training_files import MODEL
from honmono.services.job_engines import engines_of_parent
from honmono.services.stored_files import StoredFiles
from honmono.weights import Cache, WeightsMissing

if TYPE_CHECKING:
    from honmono.engines.text.classifier.model import Encode, Mode
    from honmono.engines.text.classifier.training import Documents, Trained
    from honmono.engines.text.classifier.words import Progress

KIND = "comprehend.train-document-classifier"


@job(KIND, resumable=True)
def train_classifier(run: JobRun) -> dict[str, Any]:
    """Train. Doing it twice does no harm: the model appears once the job has ended.

    The payload has the account, the mode and AWS's InputDataConfig.
    """
    from honmono.engines.text.classifier.training import FEW, train

    mode: Mode = run.payload["mode"]
    config = run.payload["input"]
    files = StoredFiles.of_parent(run.payload["account"])
    documents, test, skipped = read_examples(files, config, mode, run.progress)
    check_training(documents, mode)
    check_test(test, documents)
    run.log.info("%d documents to learn from, %d to test with", len(documents), len(test))
    encode, warning = encoder() if len(documents) <= FEW else (None, "")
    if pages := [each for part in skipped.values() for each in part]:
        first = f"{pages[0].file}, page {pages[0].page}: {pages[0].message}"
        warning = " ".join(
            filter(None, (f"Some documents could not be read and were skipped ({len(pages)}; {first})", warning))
        )
    if warning:
        run.log.warning("%s", warning)
    trained = train(
        as_documents(documents),
        mode=mode,
        encode=encode,
        test=as_documents(test) if test else None,
        progress=run.progress,
    )
    trained.model.save(run.output_dir / MODEL)
    _write_archive(trained, mode, skipped, run.output_dir / ARCHIVE)
    run.log.info("trained by %s; accuracy %.3f", trained.method, trained.measures.accuracy)
    return result_of(trained, warning)


def result_of(trained: Trained, warning: str) -> dict[str, Any]:
    """What a classifier's record keeps of its training."""
    measures = asdict(trained.measures)
    del measures["confusion"]
    return {
        "labels": len(trained.model.labels),
        "trained": trained.trained_on,
        "tested": trained.tested_on,
        "measures": measures,
        "method": trained.method,
        "warning": warning,
    }


def read_examples(
    files: StoredFiles, config: dict[str, Any], mode: str, progress: Progress
) -> tuple[list[Labelled], list[Labelled], dict[str, list[Skipped]]]:
    """The documents of AWS's InputDataConfig: to learn from, to test with, and by "train" and "test" what was left out.

    Raises:
        TrainingDataInvalid: the message says what is wrong, in which file and line.
    """
    delimiter = config.get("LabelDelimiter", "|") if mode == "MULTI_LABEL" else None

    def read(done: int, total: int) -> None:
        progress(done, total, "files read")

    test = config.get("TestS3Uri")
    if config.get("DocumentType") == "SEMI_STRUCTURED_DOCUMENT":
        places, reader = config["Documents"], config.get("DocumentReaderConfig")
        sets: dict[str, tuple[list[Labelled], list[Skipped]]] = {"test": ([], [])}
        with engines_of_parent(in_process=False) as engines:
            for name, uri, folder in (("train", config["S3Uri"], "S3Uri"), ("test", test, "TestS3Uri")):
                if uri:
                    sets[name] = read_native_csv(
                        files, engines, uri, places[folder], reader, delimiter=delimiter, read=read
                    )
        return sets["train"][0], sets["test"][0], {name: skipped for name, (_, skipped) in sets.items()}
    if config.get("DataFormat", "COMPREHEND_CSV") == "COMPREHEND_CSV":
        return (
            read_csv(files, config["S3Uri"], delimiter=delimiter, read=read),
            read_csv(files, test, delimiter=delimiter, read=read) if test else [],
            {},
        )
    parts: dict[str, list[Labelled]] = {"TRAIN": [], "TEST": []}
    for manifest in config["AugmentedManifests"]:
        part = parts[manifest.get("Split", "TRAIN")]
        part += read_manifest(files, manifest["S3Uri"], manifest["AttributeNames"], mode)
    return parts["TRAIN"], parts["TEST"], {}


def load_encoder() -> Encode:
    """In a job's child: the encoder.

    Raises:
        WeightsMissing.
    """
    from honmono.engines.text.encoder import Encoder

    return Encoder.from_cache(Cache(Path(os.environ["HONMONO_CACHE"]))).encode


def encoder() -> tuple[Encode | None, str]:
    """In a job's child: the encoder, or why there is none."""
    try:
        return load_encoder(), ""
    except WeightsMissing as error:
        return (
            None,
            f"Few documents are learned better with the encoder, which is not here, so words alone were: {error}",
        )


def as_documents(labelled: list[Labelled]) -> Documents:
    """Labelled documents as the engine takes them."""
    from honmono.engines.text.classifier.training import Documents

    return Documents([each.text for each in labelled], [each.labels for each in labelled])


def _write_archive(trained: Trained, mode: str, skipped: dict[str, list[Skipped]], path: Path) -> None:
    """confusion_matrix.json in a tar.gz, as "Classifier training output" in the developer guide lays it out.

    Beside it, for "train" and "test", the documents that were skipped, one JSON object a line.
    """
    labels = list(trained.model.labels)
    matrix = {
        "type": mode.lower(),
        "confusion_matrix": trained.measures.confusion,
        "labels": labels,
        "all_labels": labels,
    }
    with tarfile.open(path, "w:gz") as archive:
        _add(archive, "confusion_matrix.json", json.dumps(matrix, ensure_ascii=False))
        for part, pages in skipped.items():
            if pages:
                lines = (
                    {"File": each.file, "Page": each.page, "ErrorCode": each.code, "ErrorMessage": each.message}
                    for each in pages
                )
                text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
                _add(archive, f"skipped_documents/{part}/skipped_documents.jsonl", text)


def _add(archive: tarfile.TarFile, name: str, text: str) -> None:
    data = text.encode()
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    archive.addfile(entry, io.BytesIO(data))
