from __future__ import annotations

import threading
import time

from honmono.chores import Chores
from honmono.wire.service import Chore


def test_a_chore_is_done_again_and_again_beside_one_that_fails():
    done, often = [], threading.Event()

    def work():
        done.append(time.monotonic())
        if len(done) == 3:
            often.set()

    def fail():
        raise RuntimeError("planted")

    chores = Chores([Chore("work", 0.01, work), Chore("fail", 0.01, fail), Chore("rare", 3600, fail)])
    chores.start()
    assert often.wait(5)
    chores.close()
    after = len(done)
    time.sleep(0.05)
    assert len(done) == after
