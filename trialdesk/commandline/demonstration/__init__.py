"""The demonstration: one invented trial, lived act by act on a desk, with its documents and pictures of the pages."""

from trialdesk.commandline.demonstration.building import (
    DESK,
    DOCUMENTS,
    PASSWORD,
    PICTURES,
    USER,
    Built,
    build,
    demo,
)

__all__ = ["DESK", "DOCUMENTS", "PASSWORD", "PICTURES", "USER", "Built", "build", "demo"]
