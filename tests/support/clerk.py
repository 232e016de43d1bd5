"""Somebody who does the acts of a trial at the window: finds the page, the form and the button by what they say."""

from __future__ import annotations

from tests.support.person import Person
from trialdesk.application import LABELS
from trialdesk.application.acts import ACTIONS, SAID
from trialdesk.base.fields import Field
from trialdesk.base.i18n import _
from trialdesk.people.acting import Action

ACTS: dict[str, Action] = {action.name: action for action in ACTIONS}


class Clerk:
    """A person who knows what the acts ask for, and the password that signs."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.password = ""

    def enter(self, username: str, password: str) -> None:
        """Sign out, and in as this user."""
        self.find(_("Sign out"))
        self.person.wait_for(_("Sign in"))
        self.person.tab_to(_("User name"))
        self.person.retype(username)
        self.person.tab_to(_("Password"))
        self.person.type(password)
        self.person.press("Return")
        self.password = password

    def find(self, words: str) -> None:
        """Find anything by its words and go for it."""
        self.person.press("Ctrl+K")
        self.person.type(words)
        self.person.press("Return")

    def open(self, study: str) -> None:
        """Open a study from the list."""
        self.person.press("Alt+2")
        self.person.wait_for(f"{study} |")
        self.person.point_at(study)
        self.person.press("Return")
        self.person.wait_for(_("Overview"))

    def turn_to(self, section: str, register: str = "") -> None:
        """Go to a section of the study, and there to a register; both by their English titles."""
        self.person.click(_(section))
        if register:
            # A register may be called as its section is; it stands to the right of it.
            self.person.click(_(register), last=True)

    def open_inside(self, words: str) -> None:
        """Open the record that a row of a list shows."""
        self.person.point_at(words)
        self.person.press("Return")

    def begin(self, act: str, given: dict[str, str], *, picture: str = "", reason: str = "") -> None:
        """Begin a record with Ctrl+N in the register in front, fill its form in and save it."""
        self.person.press("Ctrl+N")
        # Where a record can be begun in several ways, a menu of them opens.
        self.person.picks(_(ACTS[act].button))
        self._fill_in(ACTS[act], given, picture, reason)

    def follow(self, act: str, given: dict[str, str], *, picture: str = "") -> None:
        """Begin a record in the one shown, by the button that says so."""
        action = ACTS[act]
        self.person.do(_(action.words) if action.words else _begin_words(act), more=_("More"))
        self._fill_in(action, given, picture, "")

    def do(self, act: str, given: dict[str, str] | None = None, *, picture: str = "", reason: str = "") -> None:
        """Do an act to the record shown: by its button, its form, its reason and its signature, as it asks for them."""
        action = ACTS[act]
        self.person.do(_(action.button), more=_("More"))
        if action.asks:
            self._fill_in(action, given or {}, picture, reason)
            return
        if reason:
            self.person.type(reason)
            self.person.press("Return")
        self._agree(action)
        self._done(action, picture)

    def fill_in(self, act: str, given: dict[str, str], *, picture: str = "") -> None:
        """Fill in and save the form of an act that is in front already."""
        self._fill_in(ACTS[act], given, picture, "")

    def _fill_in(self, action: Action, given: dict[str, str], picture: str, reason: str) -> None:
        fields = {field.name: field for field in action.asks}
        if action.about:
            about = action.about.rpartition(".")[2]
            fields = {about: Field("id", LABELS[action.about], name=about), **fields}
        self.person.fill({_(fields[name].label): _meant(fields[name], text) for name, text in given.items()})
        if picture:
            self.person.look(f"{picture} form")
        self.person.press("Ctrl+S")
        if reason:
            self.person.type(reason)
            self.person.press("Return")
        self._agree(action)
        self._done(action, picture)

    def _agree(self, action: Action) -> None:
        if action.signs:
            self.person.sign(self.password)
        elif action.final:
            self.person.agree(_(action.button))

    def _done(self, action: Action, picture: str) -> None:
        self.person.wait_for(_(SAID[action.name]))
        if picture:
            self.person.look(picture)


def _meant(field: Field, text: str) -> str:
    """Return what stands for a code in the list of choices."""
    return _(dict(field.choices)[text]) if field.choices else text


def _begin_words(act: str) -> str:
    label = _(LABELS[".".join(act.split(":")[:2])])
    return _("New {record}").format(record=label[:1].lower() + label[1:] if label[1:2].islower() else label)
