"""Small invented files that stand in the site file as evidence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

from trialdesk.commandline.demonstration.money import CONTRACT, SUPPORTER
from trialdesk.commandline.demonstration.team import EDDA, INES, LU, PI
from trialdesk.commandline.demonstration.telling import Act, Find, act
from trialdesk.documents.actions import add_version, attach, attach_to
from trialdesk.documents.issuing import finalise

_A4 = (595, 842)

_CONSENT_ZH = """\
知情同意书（2.0版，2026年8月10日）

研究名称：维莫林治疗肺炎后迁延性咳嗽的开放随机对照试验（VELA）

您正在被邀请参加一项临床研究。参加与否完全自愿，您可以随时退出，不会影响您的治疗。
本版新增内容：少数受试者服药后数小时内发生晕厥；第2周访视时增加一次采血。
本研究由拉克摩尔治疗有限公司提供药物和经费支持。

受试者签名：____________    日期：____________
研究者签名：____________    日期：____________
"""
_CONSENT_EN = """\
Consent form, version 2.0 of 10 August 2026
VELA: velmorin for lasting cough after pneumonia

You are invited to take part in a clinical trial. Taking part is your free choice, and you may leave at any time.
New in this version: a few participants fainted some hours after the tablet; blood is also taken at week 2.
Larkmoor Therapeutics Ltd gives the product and money for this trial.
"""


def issued() -> Iterator[Act]:
    """Give the papers that were made final: one that a newer version has superseded, and one that still stands."""
    for on in (date(2026, 5, 29), date(2026, 11, 13)):
        yield act(INES, on, finalise, clock="17:30", report="enrolment-log", language="en", places=1)
    yield act(PI, date(2026, 11, 13), finalise, clock="17:40", report="consent-versions", language="zh", places=1)


def filed() -> Iterator[Act]:
    """Give the documents, each as it came, with its newer version where there is one."""
    protocol = ("VELA protocol", "Version {} of the protocol", "Signed by the principal investigator")
    yield act(INES, date(2025, 6, 23), attach, clock="16:00", keep="paper protocol", title="Protocol",
              category="protocol", **_pdf("protocol-1.0.pdf", protocol, "1.0", date(2025, 6, 16)))  # fmt: skip
    yield act(INES, date(2026, 8, 17), add_version, clock="16:00", document="paper protocol", note="Version 2.0",
              **_pdf("protocol-2.0.pdf", protocol, "2.0", date(2026, 8, 10)))  # fmt: skip
    letters = ("Ethics Committee of North Pier University Hospital", "Decision {}", "The committee has no objection")
    for on, about, reference in (
        (date(2025, 9, 8), "approval", "NPUH-EC-2025-061"),
        (date(2026, 9, 28), "second approval", "NPUH-EC-2026-071"),
    ):
        yield act(INES, on, attach_to, clock="16:10", title=f"Approval letter {reference}", category="approval",
                  about_kind="ethics.decision", about_record=_kept(about),
                  **_pdf(f"{reference}.pdf", letters, reference, on))  # fmt: skip
    for language, words, name in (
        ("zh", _CONSENT_ZH, "知情同意书-2.0.txt"),
        ("en", _CONSENT_EN, "consent-form-2.0.txt"),
    ):
        yield act(LU if language == "zh" else INES, date(2026, 10, 2), attach_to, clock="16:20", category="consent",
                  title={"zh": "知情同意书 2.0", "en": "Consent form 2.0"}[language], file_name=name,
                  data=words.encode(), dated_on=date(2026, 8, 10), about_kind="ethics.consent_version",
                  about_record=_kept(f"consent {language} 2.0"))  # fmt: skip
    contract = ("Agreement of support", "Contract {}", f"Signed for {SUPPORTER} and the hospital")
    yield act(EDDA, date(2025, 9, 22), attach_to, clock="16:30", title="Support agreement, signed", category="contract",
              about_kind="contracts.contract", about_record=_kept("contract"),
              **_pdf("support-agreement.pdf", contract, CONTRACT, date(2025, 9, 22)))  # fmt: skip
    cover = ("Seawall Mutual", "Certificate of insurance {}", "Clinical trial liability until 31 December 2026")
    yield act(EDDA, date(2025, 9, 26), attach, clock="16:30", title="Insurance certificate", category="insurance",
              **_pdf("insurance.pdf", cover, "CT-25-40417", date(2025, 9, 25)))  # fmt: skip
    report = ("Fairlead Trial Services", "Monitoring visit {}", "Twelve records checked against their sources")
    for on, number in ((date(2026, 1, 22), "1"), (date(2026, 6, 11), "2"), (date(2026, 10, 21), "3")):
        yield act(INES, on, attach, clock="16:40", title=f"Monitoring report {number}", category="monitoring",
                  **_pdf(f"monitoring-{number}.pdf", report, number, on))  # fmt: skip
    interim = ("VELA interim report", "{}", f"Received by {SUPPORTER}")
    yield act(INES, date(2026, 6, 24), attach_to, clock="16:50", title="Interim report, received", category="report",
              about_kind="payments.deliverable", about_record=_kept("interim"),
              **_pdf("interim-report.pdf", interim, "Half of the participants", date(2026, 6, 22)))  # fmt: skip
    yield act(PI, date(2026, 5, 15), attach_to, clock="17:00", title="Discharge letter, syncope", category="safety",
              about_kind="safety.adverse_event", about_record=_kept("serious 02-005"),
              **_pdf("discharge-02-005.pdf", ("Discharge letter", "Participant {}", "No cause was found"), "02-005",
                     date(2026, 5, 14)))  # fmt: skip


def _kept(name: str) -> Find:
    return lambda _read, told: told.ids[name]


def _pdf(file_name: str, words: tuple[str, ...], what: str, on: date) -> dict[str, Any]:
    """Return a file of one page, the same bytes at every build."""
    from reportlab.pdfgen.canvas import Canvas

    written = BytesIO()
    page = Canvas(written, pagesize=_A4, invariant=True)
    page.setTitle(words[0])
    page.setFont("Helvetica-Bold", 16)
    page.drawString(72, 740, words[0])
    page.setFont("Helvetica", 11)
    for line, each in enumerate((words[1].format(what), on.isoformat(), *words[2:], "Invented for the demonstration.")):
        page.drawString(72, 705 - 20 * line, each)
    page.save()
    return {"file_name": file_name, "data": written.getvalue(), "dated_on": on}
