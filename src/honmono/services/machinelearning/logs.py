"""What a job has written, as a file that LogUri leads to."""

from __future__ import annotations

from itertools import islice

from honmono.jobs import JobId, JobMissing
from honmono.services.machinelearning.part import Answer
from honmono.services.own_buckets import OWNER, OwnBucket
from honmono.services.platform import Platform
from honmono.services.stored_files import write
from honmono.store.records import Record
from honmono.wire.service import Context

_LINES = 10_000


def log_uri(platform: Platform, logs: OwnBucket, ctx: Context, record: Record) -> Answer:
    """LogUri of a resource whose job has ended; nothing before that, and nothing of a deleted one.

    The file is written when it is first asked for.
    """
    if record.status not in ("COMPLETED", "FAILED") or "Job" not in record.body:
        return {}
    job = JobId(record.body["Job"])
    key = f"{record.scope.account}/{record.kind}/{record.name}/{job}.log"
    if not record.body.get("Logged"):
        try:
            lines = [f"{line.time.isoformat()} {line.text}\n" for line in islice(platform.jobs.logs(job), _LINES)]
        except JobMissing:
            return {}
        uri = f"s3://{logs.name(ctx.region)}/{key}"
        with platform.database.transaction() as tx:
            write(
                platform.database,
                platform.blobs,
                uri,
                "".join(lines).encode(),
                account=OWNER,
                content_type="text/plain",
                tx=tx,
            )
            platform.records.modify(
                record.scope, record.kind, record.name, lambda found: {**found.body, "Logged": True}, tx=tx
            )
    return {"LogUri": logs.url(ctx, key)}
