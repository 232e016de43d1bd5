"""What is done with persons and accounts, and with what a study delegates to them."""

from trialdesk.people.actions.accounts import (
    add_account,
    add_person,
    begin_desk,
    checked_name,
    checked_username,
    correct_person,
    deactivate_account,
    reactivate_account,
    reset_password,
    void_person,
)
from trialdesk.people.actions.certificates import bring_certificate, make_certificate, withdraw_certificate
from trialdesk.people.actions.delegations import (
    authorise_delegation,
    correct_delegation,
    delegate,
    end_delegation,
    void_delegation,
)
from trialdesk.people.actions.trainings import add_training, correct_training, void_training

ACTIONS = (
    add_person,
    correct_person,
    void_person,
    add_account,
    deactivate_account,
    reactivate_account,
    reset_password,
    delegate,
    authorise_delegation,
    correct_delegation,
    end_delegation,
    void_delegation,
    add_training,
    correct_training,
    void_training,
    make_certificate,
    bring_certificate,
    withdraw_certificate,
)
"""Everything that can be done with persons, in the order in which it is offered."""

__all__ = [
    "ACTIONS",
    "add_account",
    "add_person",
    "add_training",
    "authorise_delegation",
    "begin_desk",
    "bring_certificate",
    "checked_name",
    "checked_username",
    "correct_delegation",
    "correct_person",
    "correct_training",
    "deactivate_account",
    "delegate",
    "end_delegation",
    "make_certificate",
    "reactivate_account",
    "reset_password",
    "void_delegation",
    "void_person",
    "void_training",
    "withdraw_certificate",
]
