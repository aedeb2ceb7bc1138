"""Messages to SNS topics when something has ended: written down with the end itself, sent after, sent again until sent.

SNS is simulated here, in memory: a topic that is gone with a restart of the server gets no message, and the log says so.
"""

from __future__ import annotations

import json
import logging
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import uuid4

from honmono.store.errors import RecordMissing
from honmono.store.records import Scope

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from honmono.services.platform import Platform

_KIND = "notification"
_AT_ONCE = 100
_log = logging.getLogger("honmono.notifications")


class Notifications:
    """Messages that wait to be sent. Any thread may use it."""

    def __init__(self, platform: Platform, service: str) -> None:
        """`service` is whose messages they are."""
        self._platform = platform
        self._scope = Scope("", "", service)
        self._lock = threading.Lock()

    def post(self, account: str, topic: str, message: dict[str, Any], tx: Connection) -> None:
        """Write a message down in this transaction; it is sent once that has committed.

        Args:
            account: in whose name.
            topic: the topic's ARN.
            message: what is sent, as JSON.
            tx: the transaction of what the message tells.
        """
        body = {"account": account, "topic": topic, "message": json.dumps(message)}
        self._platform.records.create(self._scope, _KIND, str(uuid4()), body, arn="", tx=tx)
        self._platform.database.after_commit(tx, self._send_soon)

    def send(self) -> None:
        """Send what waits."""
        with self._lock:
            for record in self._platform.records.list(self._scope, _KIND, limit=_AT_ONCE, order="created"):
                if not self._sent(record.body):
                    return  # the next chore tries again
                try:
                    self._platform.records.delete(self._scope, _KIND, record.name)
                except RecordMissing:
                    continue  # another server on this database was faster

    def _send_soon(self) -> None:
        threading.Thread(target=self._send_logged, name="notifications", daemon=True).start()

    def _send_logged(self) -> None:
        try:
            self.send()
        except Exception:  # noqa: BLE001 - the chore tries again
            _log.exception("a notification was not sent; it is tried again")

    def _sent(self, body: dict[str, str]) -> bool:
        """Whether there is nothing more to try."""
        topic = body["topic"]
        form = {"Action": "Publish", "Version": "2010-03-31", "TopicArn": topic, "Message": body["message"]}
        headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
        region = topic.split(":")[3]
        try:
            status, answer = self._platform.simulated.post(
                "sns", region, body["account"], headers, urlencode(form).encode()
            )
        except OSError as error:
            _log.warning("the topic %s cannot be reached: %s", topic, error)
            return False
        if status != 200:
            _log.warning("the topic %s took no message: %d %s", topic, status, answer[:500].decode("utf-8", "replace"))
        return status < 500 or status == 501
