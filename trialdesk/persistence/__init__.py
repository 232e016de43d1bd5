"""The only place that knows which database it is: declared records, Work, the projector, upgrade."""
