"""What a dataset holds: its entries as JSON Lines, and its labels."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from honmono.services.rekognition.dataset_job import entries
from honmono.services.rekognition.datasets import check_ready, entries_file, find_dataset
from honmono.services.rekognition.manifest import read_line
from honmono.services.rekognition.part import Answer, Part, Request, bad_token
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from honmono.store.records import Record
    from honmono.wire.service import Context

_PAGE = 100


class DatasetEntries(Part):
    """ListDatasetEntries and ListDatasetLabels."""

    def list_dataset_entries(self, request: Request, ctx: Context) -> Answer:
        """The entries that fit all filters, page by page."""
        record = _readable(self, request, ctx)
        path = entries_file(self.platform, record)
        offset = _offset(record, request.get("NextToken"))
        limit = request.get("MaxResults", _PAGE)
        found: list[str] = []
        if path is None:
            return {"DatasetEntries": found}
        try:
            for text, following in entries(path, offset):
                if len(found) == limit:
                    return {"DatasetEntries": found, "NextToken": f"{record.body['Job']}.{offset}"}
                if _fits(text, request):
                    found.append(text)
                offset = following
        except ValueError as error:
            raise bad_token() from error
        except FileNotFoundError as error:  # updated since the record was read
            raise ServiceError("ResourceInUseException", f"The dataset {record.arn} is being updated.") from error
        return {"DatasetEntries": found}

    def list_dataset_labels(self, request: Request, ctx: Context) -> Answer:
        """The labels by name, each with the number of entries that use it."""
        record = _readable(self, request, ctx)
        start = _offset(record, request.get("NextToken"))
        limit = request.get("MaxResults", _PAGE)
        labels = record.body["Labels"]
        shown = [
            {"LabelName": name, "LabelStats": {"EntryCount": used, "BoundingBoxCount": boxed}}
            for name, used, boxed in labels[start : start + limit]
        ]
        answer: Answer = {"DatasetLabelDescriptions": shown}
        if start + limit < len(labels):
            answer["NextToken"] = f"{record.body['Job']}.{start + limit}"
        return answer


def _readable(part: Part, request: Request, ctx: Context) -> Record:
    record = find_dataset(part.platform, ctx, request["DatasetArn"])
    check_ready(record, "ResourceNotReadyException")
    return record


def _offset(record: Record, token: str | None) -> int:
    """A token names the job that wrote the entries: an update in between makes it worthless."""
    if token is None:
        return 0
    job, _, offset = token.partition(".")
    if job != record.body.get("Job") or not (offset.isascii() and offset.isdecimal() and len(offset) < 16):
        raise bad_token()
    return int(offset)


def _fits(text: str, request: dict[str, Any]) -> bool:
    entry = json.loads(text)
    if request.get("SourceRefContains", "") not in entry["source-ref"]:
        return False
    if "Labeled" in request and entry["cl-metadata"]["is_labeled"] is not request["Labeled"]:
        return False
    if "ContainsLabels" not in request and "HasErrors" not in request:
        return True
    line = read_line(text)
    if "ContainsLabels" in request and not line.names.intersection(request["ContainsLabels"]):
        return False
    return "HasErrors" not in request or bool(line.faults) is request["HasErrors"]
