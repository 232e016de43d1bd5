"""The doors to the domain: a desk made or opened for the window. Imported, and called, on worker threads only."""

from __future__ import annotations

from functools import partial

from trialdesk.application import Application, normalised
from trialdesk.base.i18n import _
from trialdesk.base.settings import data_folder, state_folder
from trialdesk.desktop.drafts import Drafts
from trialdesk.desktop.entering import Demonstration, NewDesk, Opened, SignIn, Where
from trialdesk.desktop.jobs import Progress
from trialdesk.desktop.sources import DeskSources
from trialdesk.people.credentials import seal, unseal


class DomainDoors:
    """Doors to desks of this computer; `demonstration` builds the demonstration and says how to enter it."""

    def __init__(self, demonstration: Demonstration) -> None:
        self._demonstration = demonstration

    def make(self, request: NewDesk) -> Opened:
        """Make a desk and its owner, and open it. Raises Told."""
        application = Application(normalised(str(request.path)))
        application.make(name=request.name, username=request.user, password=request.password)
        return _opened(application, request.path, request.user)

    def sign_in(self, request: SignIn) -> Opened:
        """Open a desk for an account. Raises Told."""
        application = Application(normalised(str(request.path))).open()
        try:
            application.sign_in(request.user, request.password)
        except BaseException:
            application.close()
            raise
        return _opened(application, request.path, request.user)

    def demonstration(self, progress: Progress) -> Opened:
        """Build the demonstration where there is none yet, and open it. Raises Told."""

        def tell(done: int, total: int) -> None:
            progress(done, total, _("Building the demonstration"))

        path, user, password = self._demonstration(data_folder() / "demonstration", tell)
        return self.sign_in(SignIn(path, user, password))


def _opened(application: Application, path: Where, user: str) -> Opened:
    notes = tuple(application.notes)
    application.notes.clear()
    return Opened(
        application,
        DeskSources(application),
        path,
        user,
        drafts=_drafts(application),
        notes=notes,
        close=application.close,
        interrupt=application.interrupt,
    )


def _drafts(application: Application) -> Drafts | None:
    """Return what this account typed on this desk and did not record; sealed, for it may name participants."""
    if application.session is None:
        return None
    keys, account = application.session.keys, application.session.account.id
    file = state_folder() / "drafts" / f"{application.replica}-{account}.sealed"
    return Drafts(file, seal=partial(seal, keys), unseal=partial(unseal, keys))
