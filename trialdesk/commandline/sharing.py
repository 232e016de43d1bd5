"""How a policy shares out what a case says was received. It needs no desk."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from trialdesk.base.errors import UserError
from trialdesk.base.files import read_text
from trialdesk.base.i18n import _
from trialdesk.base.money import plain_money
from trialdesk.commandline.output import answer, say, table
from trialdesk.commandline.program import DONE
from trialdesk.payments.rules.reading_policies import read_sharing
from trialdesk.payments.rules.sharing import Unshareable
from trialdesk.payments.rules.sharing_answer import answer as answered


def distribute(arguments: Namespace) -> int:
    """Say what each beneficiary gets of a case, step by step, or with --reverse what is taken back."""
    file = vars(arguments)["CASE.yaml"]
    try:
        case = read_sharing(read_text(Path(file)), file)
        said = answered(case, reverse=arguments.reverse)
    except Unshareable as refused:
        raise UserError(str(refused), where=file) from refused
    if arguments.json:
        answer(said)
        return DONE

    def money(amount: int) -> str:
        return plain_money(amount, said["exponent"])

    say(
        _("{case}: {amount} {currency} by {policy}, version {number}").format(
            case=said["case"], amount=money(said["received"]), currency=said["currency"], policy=said["policy"],
            number=said["no"],
        )
    )  # fmt: skip
    say()
    table(
        [_("Step"), _("Taken of"), _("Beneficiary"), _("Weight"), _("Amount"), _("State")],
        [
            [
                str(row["step"]),
                row["pool"],
                row["beneficiary"],
                f"{row['weight']} / {row['weights']}",
                money(row["amount"]),
                " ".join(filter(None, (row["state"], row["suspended_for"], *row["warnings"]))),
            ]
            for row in said["shares"]
        ],
    )
    return DONE
