"""A document with every kind of block, in English and in Chinese, and frames to put round documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from trialdesk.base.drawing import Box, Curve, Dot, Drawing, Line, Words
from trialdesk.reporting.frame import Frame
from trialdesk.reporting.structure import (
    Block,
    Bullets,
    Checks,
    Column,
    Contents,
    Definitions,
    Figure,
    Heading,
    Landscape,
    NewPage,
    Note,
    Paragraph,
    Portrait,
    Signature,
    Signatures,
    Table,
)

SHANGHAI = timezone(timedelta(hours=8))

FRAME = Frame(
    key="enrollment.log",
    title="Screening and enrolment log",
    study="MEMORY-2",
    study_title="A randomised, placebo-controlled trial in mild cognitive impairment",
    protocol="3.0",
    site="Site 01, Peking Union",
    blinding="blinded",
    audience="sponsor",
    cutoff=datetime(2026, 11, 22, 18, 5, 30, tzinfo=UTC),
    zone="Asia/Shanghai",
    position="9f3a2c41:118:4be1c2 0d77aa02:9:77ac01",
    position_short="2 streams, 4be1c2",
    digest="0123456789abcdef" * 4,
    parameters='{"site":"01"}',
    role="Coordinator",
    account="zhang.li",
    version="0.1.0",
)
FRAMES = {
    "en": FRAME,
    "zh": replace(
        FRAME,
        title="受试者筛选入选表",
        study_title="轻度认知障碍的随机、安慰剂对照临床试验",
        site="中心01 北京协和",
        role="研究协调员",
        language="zh",
    ),
}

ENGLISH = (
    "Participants aged ≥ 18 years with a weight of 50 ± 5 kg receive 20 µg/kg once a day. Investigators: Łukasz Čapek, "
    "Jiří Dvořák, Győző Erdős, Ελένη, Иванов and 王小明. The registry entry is at "
    "https://trials.example.org/NCT01234567 and is kept current."
)
CHINESE = (
    "本研究为一项多中心、随机、双盲、安慰剂对照的临床试验，旨在评价试验药物在“轻度认知障碍”受试者中的安全性与有效性；"
    "主要终点为第24周时ADAS-Cog 11评分较基线的变化。研究者应当在受试者签署知情同意书之后，方可实施任何研究程序"
    "（包括：筛选检查、采血、影像学检查）。若年龄≥18岁且体重为50±5 kg，剂量为20 µg/kg……详见方案第5.2节——给药方案。"
)


def blocks(language: str) -> list[Block]:
    """Return every kind of block in that language; the same structure in both."""

    def say(english: str, chinese: str) -> str:
        return chinese if language == "zh" else english

    text = say(ENGLISH, CHINESE)
    return [
        Contents(),
        Heading(1, say("Summary", "摘要")),
        Paragraph(say("Of 245 persons assessed, 180 were randomised.", "共评估245人，其中180人随机入组。"), "lead"),
        Paragraph(text),
        Paragraph(f"{ENGLISH}\n{CHINESE}", "small"),
        Paragraph(say("Nothing is missing.", "无缺项。"), "strong"),
        Note(say("Two visits have no source document.", "两次访视尚无原始记录。"), say("Open items", "待处理事项")),
        Heading(2, say("Study", "研究")),
        Definitions(
            [
                (say("Protocol", "方案"), say("version 3.0 of 4 March 2026", "第3.0版，2026年3月4日")),
                (say("Ethics approval", "伦理批准"), ""),
                (say("Objective", "研究目的"), text),
            ]
        ),
        Heading(3, say("What was checked", "核查内容")),
        Bullets([say("Consent came first.", "先签署知情同意书。"), text]),
        Bullets([say("First", "第一"), say("Second", "第二")], numbered=True),
        Checks([(say("Source data verified", "已核对原始数据"), True), (say("Queries closed", "质疑已关闭"), False)]),
        Heading(1, say("Flow of participants", "受试者流程")),
        Figure(drawing(language), say("Figure 1. Participants", "图1 受试者")),
        Heading(2, say("Screening", "筛选")),
        log(language),
        narratives(language),
        Table((Column("A"), Column("B")), (), say("Table 3. Deviations", "表3 方案偏离")),
        Landscape(),
        Heading(1, say("Schedule of activities", "研究流程表")),
        schedule(language),
        Portrait(),
        Heading(1, say("Signatures", "签字")),
        Signatures(
            [
                Signature(
                    say("Approved", "批准"),
                    say("Principal investigator", "主要研究者"),
                    say("Wang Xiaoming", "王小明"),
                    datetime(2026, 11, 22, 14, 5, 9, tzinfo=SHANGHAI),
                    "Asia/Shanghai",
                ),
                Signature(say("Reviewed", "审核"), say("Monitor", "监查员"), "Łukasz Čapek"),
                Signature(say("I have read this report", "本人已阅读本报告")),
            ]
        ),
        NewPage(),
        Paragraph(say("The end.", "完。")),
    ]


def log(language: str, rows: int = 60) -> Table:
    """Return a table over pages, with numbers, totals and remarks that take two lines."""
    zh = language == "zh"
    failed = (
        "筛选失败：实验室检查超出范围，可于14天内重复一次" if zh else "Screening failed: value out of range; once more"
    )
    return Table(
        (
            Column("受试者" if zh else "Participant", names_row=True),
            Column("知情同意" if zh else "Consent"),
            Column("年龄（岁）" if zh else "Age (years)", align="right"),
            Column("合格" if zh else "Eligible", align="centre"),
            Column("备注" if zh else "Remark"),
        ),
        [
            (
                f"S-{i:03}",
                f"2026-{1 + i % 12:02}-{1 + i % 28:02}",
                str(18 + i * 7 % 60),
                ("是" if zh else "yes") if i % 5 else ("否" if zh else "no"),
                "" if i % 5 else failed,
            )
            for i in range(rows)
        ]
        + [("合计" if zh else "Total", "", "2,640", "", "")],
        "表1 筛选入选表" if zh else "Table 1. Screening log",
        totals=1,
    )


def narratives(language: str) -> Table:
    """Return a table with a row that is taller than a page, in shares of the width."""
    text = CHINESE if language == "zh" else ENGLISH
    columns = (
        Column("事件" if language == "zh" else "Event", 1),
        Column("叙述" if language == "zh" else "Narrative", 5),
    )
    return Table(columns, [("AE-1", text), ("AE-2", " ".join([text] * 24))], "")


def schedule(language: str) -> Table:
    """Return a wide table whose titles have two lines."""
    zh = language == "zh"
    visits = [Column(f"访视{i}\n第{2 * i}周" if zh else f"Visit {i}\nweek {2 * i}", align="centre") for i in range(9)]
    activities = ("知情同意", "生命体征") if zh else ("Informed consent", "Vital signs")
    return Table(
        (Column("项目" if zh else "Activity", names_row=True), *visits),
        [(name, *("×" if (i + row) % 3 else "" for i in range(9))) for row, name in enumerate(activities)],
    )


def drawing(language: str) -> Drawing:
    """Return a drawing with every shape."""
    zh = language == "zh"
    return Drawing(
        460,
        180,
        (
            Box(10, 10, 130, 40, fill="surface", radius=4),
            Words(75, 28, "合格性评估" if zh else "Assessed", align="centre"),
            Words(75, 42, "n = 245", bold=True, align="centre"),
            Line(75, 50, 75, 90, colour="ink", arrow=True),
            Box(10, 90, 130, 40, fill="accent-soft", outline="accent"),
            Words(135, 114, "随机入组" if zh else "Randomised", align="right"),
            Line(75, 70, 200, 70, dashed=True),
            Box(200, 55, 140, 30, outline=None),
            Curve(((230, 170), (310, 140), (440, 95))),
            Curve(((230, 170), (440, 90)), colour="muted", dashed=True),
            Dot(350, 30, 4, "good", "circle"),
            Dot(370, 30, 4, "warning", "square"),
            Dot(390, 30, 4, "bad", "diamond"),
            Dot(410, 30, 4, "info", "ring"),
            Dot(430, 30, 4, "accent", "cross"),
        ),
        "评估245人，随机180人。" if zh else "245 persons assessed, 180 randomised.",
    )
