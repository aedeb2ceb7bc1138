"""The server that recovery.py kills: Honmono with a page that enqueues jobs. Arguments: data directory, port."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import orjson

import tally
from honmono import server
from honmono.app import App
from honmono.jobs import Job
from honmono.settings import Settings
from honmono.store.records import Scope

SCOPE = Scope("000000000000", "us-east-1", "bench")


def main() -> None:
    data, port = Path(sys.argv[1]), int(sys.argv[2])

    async def jobs_page(scope: Any, receive: Any, send: Any) -> None:
        if scope["method"] == "POST":
            answer: Any = app.jobs.enqueue(tally.KIND, {"steps": 20}, max_attempts=3)
        else:
            page = app.jobs.list(limit=100_000)
            finished = app.platform.records.list(SCOPE, "finished", limit=100_000)
            answer = {
                "states": {job.id: str(job.state) for job in page.items},
                "finished": {record.name: record.body["times"] for record in finished.items},
            }
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": orjson.dumps(answer)})

    app = App(Settings(port=port, data=data), pages={"/bench/jobs": jobs_page})

    def count(job: Job, tx: Any) -> None:
        # create raises when there is one already: a job that finished twice would show as a failed transaction.
        app.platform.records.create(SCOPE, "finished", job.id, {"times": 1}, arn=f"arn:bench:{job.id}", tx=tx)

    app.jobs.when_finished(tally.KIND, count)
    with app:
        server.run(lambda stop: app.serve(stop, lambda endpoints: None))


if __name__ == "__main__":
    main()
