"""The language of results-based payment, on plain values: no database, no clock, no floating point."""
