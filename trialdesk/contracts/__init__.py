"""Contracts with supporters and sites: parties, what was agreed from when on, insurance."""
