"""What sets clocks off: a module a stage, each reading what happened there for all studies at once."""
