"""One widget of each kind, used everywhere: one table, one form, one status pill, one empty state."""
