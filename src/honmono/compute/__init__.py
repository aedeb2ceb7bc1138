"""Where work runs: the ledger of cores and memory, and supervised child processes."""

from honmono.compute.ledger import Lease, Ledger, LedgerState, NeverEnough, NotNow

__all__ = ["Lease", "Ledger", "LedgerState", "NeverEnough", "NotNow"]
