"""CDISC SDTM as CSV: `read` gives plain rows and problems, `preview` the figures of a dry run."""

from trialdesk.exchange.sdtm.reading import preview, read

__all__ = ["preview", "read"]
