"""Every command there is. A new one adds its entry here and a function in the module of its group."""

from __future__ import annotations

from trialdesk.base.i18n import LANGUAGES, N_
from trialdesk.commandline.declared import Argument, Command
from trialdesk.people.rules import MEANINGS

JSON = Argument("--json", N_("answer with JSON; its keys are stable"))
STUDY = Argument("--study", N_("the study's short name or id"), shown="S")
SITE = Argument("--site", N_("only this site: its number"), shown="NUMBER", needed=False)

COMMANDS = (
    Command(
        "new",
        N_("make a desk and its owner"),
        (
            Argument("PATH", N_("the file to make, or the address of an empty database")),
            Argument("--user", N_("the owner's user name"), shown="U"),
            Argument("--name", N_("the owner's name as it is printed on documents"), shown="N"),
        ),
        "desks:new",
        on_desk=False,
    ),
    Command(
        "demo",
        N_("build the demonstration: a desk with a study, its documents as PDF, pictures of the pages"),
        (Argument("DIR", N_("the folder to build in; what an earlier run built there is replaced")),),
        "demonstration:demo",
        on_desk=False,
        many_steps=True,
    ),
    Command(
        "studies",
        N_("list the studies of the desk"),
        (JSON,),
        "looking:studies",
    ),
    Command(
        "participants",
        N_("list a study's participants"),
        (STUDY, SITE, JSON),
        "looking:participants",
    ),
    Command(
        "import",
        N_("bring a study in from files; the study is made where there is none of that name"),
        (
            Argument("FORMAT", N_("what the files are: sdtm (CDISC SDTM as CSV)"), choices=("sdtm",)),
            Argument("SOURCE", N_("the folder or the file")),
            Argument("--study", N_("the study's short name or id; without it the name in the data"), "S", needed=False),
            Argument("--site", N_("the number of the site, where the data name none"), shown="NUMBER", needed=False),
            Argument("--dry-run", N_("only say what would come in and what is odd; needs no desk")),
            JSON,
        ),
        "bringing:bring",
    ),
    Command(
        "report",
        N_("make a document as PDF, or tell the facts it is made of"),
        (
            Argument("KEY", N_("which document; `--list` names them"), needed=False),
            Argument("--list", N_("list the documents there are")),
            Argument("--study", N_("the study's short name or id"), shown="S", needed=False),
            Argument("--out", N_("the PDF to write; one of that name is replaced"), shown="F.pdf", needed=False),
            Argument(
                "--lang", N_("the document's language, whatever is spoken here"), "LANG", tuple(LANGUAGES), needed=False
            ),
            SITE,
            Argument("--as-of", N_("only what had happened by that day"), shown="DATE", needed=False),
            Argument("--known-at", N_("what was known then: an instant or a position"), "WHEN", needed=False),
            Argument("--contract", N_("the contract's number, where the study has several"), "NUMBER", needed=False),
            Argument(
                "--number", N_("the invoice's or certificate's number; else the last one"), "NUMBER", needed=False
            ),
            Argument("--beneficiary", N_("the code of whom a statement is for; without it all"), "CODE", needed=False),
            Argument("--event", N_("the serious event's number; without it the last one"), "NUMBER", needed=False),
            Argument(
                "--recipient", N_("whom a safety report goes to: FDA, EudraVigilance or CDE"), "WHO", needed=False
            ),
            Argument("--follow-up", N_("which report of it: 0 the initial one, else the follow-up"), "N", needed=False),
            Argument("--deviation", N_("the deviation's number; without it the last one"), "NUMBER", needed=False),
            Argument("--participant", N_("whose paper; without it who was screened last"), "NUMBER", needed=False),
            Argument("--amendment", N_("the protocol version amended to; without it the last"), "LABEL", needed=False),
            Argument("--document", N_("the document a note is on"), "TITLE", needed=False),
            Argument("--start", N_("the day its period begins"), "DATE", needed=False),
            Argument("--year", N_("the calendar year; without it all of them"), "YYYY", needed=False),
            Argument("--final", N_("make it final: its bytes are kept, and the version before is superseded")),
            Argument("--places", N_("how many will sign the final file itself"), shown="N", needed=False),
            JSON,
        ),
        "reports:report",
    ),
    Command(
        "binder",
        N_("write every document of a study into a folder, with an index, a manifest and a verifier for an inspection"),
        (
            Argument("STUDY", N_("the study's short name or id")),
            Argument("--to", N_("the folder to write; it must be new or empty"), shown="FOLDER"),
            Argument(
                "--audience",
                N_("whom it is for; without it the regulator. Only for `inside` it tells participants' names"),
                "WHO",
                ("inside", "site", "sponsor", "regulator", "ethics", "outside"),
                needed=False,
            ),
            Argument(
                "--language",
                N_("the language of what is made for it; without it the one spoken here"),
                "LANG",
                tuple(LANGUAGES),
                needed=False,
            ),
            Argument("--as-of", N_("only what had happened by that day"), shown="DATE", needed=False),
            JSON,
        ),
        "binding:binder",
    ),
    Command(
        "finals",
        N_("list a study's final documents and who signed them"),
        (STUDY, JSON),
        "finals:finals",
    ),
    Command(
        "sign",
        N_("sign a final document: its record by your password, its file by your certificate"),
        (
            Argument("FILE.pdf", N_("the final document, as it was written or as somebody signed it before")),
            Argument("--meaning", N_("what the signature means"), "MEANING", tuple(code for code, _label in MEANINGS)),
            Argument("--out", N_("the PDF to write; one of that name is replaced"), shown="F.pdf", needed=False),
            Argument(
                "--service", N_("the time-stamp service (RFC 3161); else the one in the settings"), "URL", needed=False
            ),
            JSON,
        ),
        "finals:sign",
    ),
    Command(
        "certificates",
        N_("list the certificates you sign files with"),
        (JSON,),
        "finals:certificates",
    ),
    Command(
        "certificate",
        N_("make yourself a certificate to sign files with, or bring yours along"),
        (
            STUDY,
            Argument(
                "--bring",
                N_("the PKCS#12 file (.p12, .pfx) that holds it; without it one is made"),
                "FILE",
                needed=False,
            ),
        ),
        "finals:certificate",
    ),
    Command(
        "contracts lint",
        N_("look for bright lines in a contract's terms; needs no desk unless a study is named"),
        (
            Argument("TERMS.yaml", N_("the terms, written as a payment case")),
            Argument("--study", N_("name the visits this study's schedule does not have"), shown="S", needed=False),
            JSON,
        ),
        "owing:look_for_bright_lines",
    ),
    Command(
        "contracts load",
        N_("take over terms agreed elsewhere: contract, supporter and terms count at once"),
        (
            Argument("TERMS.yaml", N_("the terms, written as a payment case with contract, supporter and direction")),
            STUDY,
            JSON,
        ),
        "paying:load",
    ),
    Command(
        "contracts dump",
        N_("write a contract's terms that count as a file that `contracts load` reads back to the same texts"),
        (
            STUDY,
            Argument("--contract", N_("the contract's number, where the study has several"), "NUMBER", needed=False),
            Argument("--out", N_("the file to write; without it they are printed"), shown="F.yaml", needed=False),
        ),
        "paying:dump",
    ),
    Command(
        "payments statement",
        N_("say what a study's contract owes for what is recorded here"),
        (
            STUDY,
            Argument("--contract", N_("the contract's number, where the study has several"), "NUMBER", needed=False),
            Argument("--as-of", N_("only what had happened by that day; without it today"), shown="DATE", needed=False),
            Argument("--known-at", N_("what was known then: an instant or a position"), "WHEN", needed=False),
            Argument("--ledger", N_("also the postings that add up to it")),
            JSON,
        ),
        "paying:statement",
    ),
    Command(
        "payments assess",
        N_("say what the terms of a payment case owe for its facts; needs no desk"),
        (
            Argument("CASE.yaml", N_("the payment case: terms and facts in one file")),
            Argument("--as-of", N_("the day up to which things happened"), shown="DATE"),
            Argument("--known-at", N_("the instant in UTC up to which they were recorded"), shown="INSTANT"),
            Argument("--ledger", N_("also the postings that add up to it")),
            JSON,
        ),
        "owing:assess",
        on_desk=False,
    ),
    Command(
        "payments distribute",
        N_("say how a distribution policy shares out what a case received; needs no desk"),
        (
            Argument("CASE.yaml", N_("the policy with what was received, in one file")),
            Argument("--reverse", N_("take it all back instead")),
            JSON,
        ),
        "sharing:distribute",
        on_desk=False,
    ),
    Command(
        "payments export-pack",
        N_("write everything a contract's amounts rest on as one file that can be recomputed without this desk"),
        (
            Argument("PACK.zip", N_("the file to write; an older pack of that name is replaced")),
            STUDY,
            Argument("--contract", N_("the contract's number, where the study has several"), "NUMBER", needed=False),
            Argument("--as-of", N_("the day the pack is assessed for; without it today"), shown="DATE", needed=False),
            JSON,
        ),
        "recomputing:export",
    ),
    Command(
        "payments recompute",
        N_("do every sum of a recompute pack again and say what differs; needs no desk"),
        (Argument("PACK.zip", N_("the pack, as `payments export-pack` wrote it")), JSON),
        "recomputing:recompute_pack",
        on_desk=False,
    ),
    Command(
        "export",
        N_("write all records of a study, a file or sheet for each kind"),
        (
            Argument("FORMAT", N_("csv (a folder of files) or xlsx (one workbook)"), choices=("csv", "xlsx")),
            Argument("TARGET", N_("the folder or workbook to write; it must not be there yet")),
            STUDY,
        ),
        "taking:take",
    ),
    Command(
        "do",
        N_("do any act by its name, as the window does with a form; `acts` lists them"),
        (
            Argument("ACT", N_("the act's name, such as studies:site:add")),
            Argument("WORDS", N_("name=value for each thing the act asks for"), needed=False, many=True),
            Argument("--study", N_("the study's short name or id"), shown="S", needed=False),
            Argument("--reason", N_("why: needed to change or void what is recorded"), shown="WORDS", needed=False),
            JSON,
        ),
        "doing:do",
    ),
    Command(
        "records",
        N_("list the records of one kind with their ids, such as ethics.decision"),
        (
            Argument("KIND", N_("the kind of record")),
            Argument("--study", N_("the study's short name or id"), shown="S", needed=False),
            JSON,
        ),
        "listing:records",
    ),
    Command(
        "acts",
        N_("list every act there is and what it takes"),
        (JSON,),
        "doing:acts",
        on_desk=False,
    ),
    Command(
        "trail",
        N_("list what was done, newest first"),
        (
            Argument("--study", N_("the study's short name or id; without it the whole desk"), shown="S", needed=False),
            Argument("--limit", N_("at most this many; 500 without it"), shown="N", needed=False),
            JSON,
        ),
        "looking:trail",
    ),
    Command(
        "deadlines",
        N_("list every clock: its rule, what it was counted from, when it is due, how it stands"),
        (
            Argument("--study", N_("the study's short name or id; without it the whole desk"), shown="S", needed=False),
            Argument("--on", N_("as they stand on that day; without it today"), shown="DATE", needed=False),
            JSON,
        ),
        "clocks:deadlines",
    ),
    Command(
        "access",
        N_("list who came in, was refused, saw what is private, took something out or signed; newest first"),
        (
            Argument("--study", N_("the study's short name or id; without it the whole desk"), shown="S", needed=False),
            Argument("--limit", N_("at most this many; 500 without it"), shown="N", needed=False),
            JSON,
        ),
        "looking:access",
    ),
    Command(
        "undo",
        N_("take a step back; without its id, the last one of this account"),
        (Argument("TRANSACTION", N_("the step's id as `trail` shows it"), needed=False),),
        "steps:undo",
    ),
    Command(
        "verify",
        N_("prove the desk: its trail is whole and its tables say what the trail says; or a document or binder of it"),
        (
            Argument(
                "PATH",
                N_("a document: is it unaltered, and does the desk still say so? Or a binder's folder; needs no desk"),
                needed=False,
            ),
            JSON,
        ),
        "proof:verify",
    ),
    Command(
        "backup",
        N_("copy the desk, and prove that the copy can be restored"),
        (Argument("TARGET", N_("the file to write; it must not be there yet")),),
        "desks:backup",
    ),
    Command(
        "restore",
        N_("make a desk from a backup, and prove it"),
        (
            Argument("SOURCE", N_("the backup")),
            Argument("TARGET", N_("the file to make; it must not be there yet")),
        ),
        "desks:restore",
        on_desk=False,
    ),
)
