"""The recompute pack: everything one contract's amounts rest on, as one file that proves itself without a desk.

`contents` says what is in it, `packing` takes it from a desk, `archive` writes and reads the file, `recomputing` does
the sums again and says what differs, `casefile` writes the terms and facts as the case that `payments assess` takes.
"""
