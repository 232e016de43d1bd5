"""Events, streams, hash chain; history, as-of, undo and verify, all read from them."""
