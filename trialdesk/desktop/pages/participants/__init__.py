"""The participants of a study: the list, one of them whole, and what is done with them."""

from trialdesk.desktop.pages.participants.page import Participants

__all__ = ["Participants"]
