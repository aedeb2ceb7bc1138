"""Where work runs: the ledger of cores and memory, and supervised child processes."""
