"""TrialDesk: investigator-initiated clinical trials on one desk, conduct, documents and money together."""

__version__ = "0.1.0"
