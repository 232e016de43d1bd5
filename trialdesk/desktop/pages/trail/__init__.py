"""The trail of a study: every step, what it changed, taking it back, and the proof of the whole desk."""

from trialdesk.desktop.pages.trail.page import Trail

__all__ = ["Trail"]
