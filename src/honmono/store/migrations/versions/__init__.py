"""One file a revision, NNNN_what.py; see `honmono.store.schema` on how to add one."""
