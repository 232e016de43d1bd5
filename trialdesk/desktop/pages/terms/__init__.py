"""Terms as they are written: the text, and beside it what is said of it, what it changes in money, and trying it."""

from trialdesk.desktop.pages.terms.page import Terms

__all__ = ["Terms"]
