"""Words every module may use. Imports nothing of ours outside this package."""
