"""What is taken from each SDTM dataset: field of the record, variable of the dataset, type.

Variables after the CDISC SDTM Implementation Guide 3.4; older ones differ only in having fewer.
"""

from __future__ import annotations

from typing import NamedTuple

from trialdesk.exchange.cells import CellType


class Take(NamedTuple):
    """A field of a record and the variable that fills it."""

    field: str
    variable: str
    type: CellType = "text"


PARTICIPANT = (
    Take("number", "SUBJID"),
    Take("identifier", "USUBJID"),
    Take("screened_on", "DMDTC", "partial"),
    Take("informed_consent_on", "RFICDTC", "partial"),
    Take("reference_start", "RFSTDTC", "partial"),
    Take("reference_end", "RFENDTC", "partial"),
    Take("first_exposure", "RFXSTDTC", "partial"),
    Take("last_exposure", "RFXENDTC", "partial"),
    Take("participation_end", "RFPENDTC", "partial"),
    Take("died_on", "DTHDTC", "partial"),
    Take("died", "DTHFL", "flag"),
    Take("age", "AGE", "whole"),
    Take("age_unit", "AGEU"),
    Take("sex", "SEX"),
    Take("race", "RACE"),
    Take("ethnicity", "ETHNIC"),
    Take("country", "COUNTRY"),
)
DISPOSITION = (
    Take("sequence", "DSSEQ", "whole"),
    Take("term", "DSTERM"),
    Take("reason", "DSDECOD"),
    Take("occurred_on", "DSSTDTC", "partial"),
    Take("recorded_on", "DSDTC", "partial"),
    Take("epoch", "EPOCH"),
    Take("visit_number", "VISITNUM", "decimal"),
)
VISIT = (
    Take("number", "VISITNUM", "decimal"),
    Take("name", "VISIT"),
    Take("started_on", "SVSTDTC", "partial"),
    Take("ended_on", "SVENDTC", "partial"),
    Take("study_day", "SVSTDY", "whole"),
    Take("happened", "SVOCCUR", "flag"),
    Take("unscheduled_reason", "SVUPDES"),
    Take("epoch", "EPOCH"),
)
EXPOSURE = (
    Take("sequence", "EXSEQ", "whole"),
    Take("treatment", "EXTRT"),
    Take("dose", "EXDOSE", "decimal"),
    Take("dose_unit", "EXDOSU"),
    Take("form", "EXDOSFRM"),
    Take("frequency", "EXDOSFRQ"),
    Take("route", "EXROUTE"),
    Take("started_on", "EXSTDTC", "partial"),
    Take("ended_on", "EXENDTC", "partial"),
    Take("epoch", "EPOCH"),
    Take("visit_number", "VISITNUM", "decimal"),
)
ADVERSE_EVENT = (
    Take("sequence", "AESEQ", "whole"),
    Take("term", "AETERM"),
    Take("preferred_term", "AEDECOD"),
    Take("system_organ_class", "AEBODSYS"),
    Take("severity", "AESEV"),
    Take("grade", "AETOXGR", "whole"),
    Take("serious", "AESER", "flag"),
    Take("fatal", "AESDTH", "flag"),
    Take("congenital", "AESCONG", "flag"),
    Take("disabling", "AESDISAB", "flag"),
    Take("hospitalised", "AESHOSP", "flag"),
    Take("life_threatening", "AESLIFE", "flag"),
    Take("other_important", "AESMIE", "flag"),
    Take("causality", "AEREL"),
    Take("action_taken", "AEACN"),
    Take("outcome", "AEOUT"),
    Take("started_on", "AESTDTC", "partial"),
    Take("ended_on", "AEENDTC", "partial"),
    Take("recorded_on", "AEDTC", "partial"),
    Take("epoch", "EPOCH"),
)
PLANNED_VISIT = (
    Take("number", "VISITNUM", "decimal"),
    Take("name", "VISIT"),
    Take("planned_day", "VISITDY", "whole"),
    Take("starts", "TVSTRL"),
    Take("ends", "TVENRL"),
)
CRITERION = (Take("code", "IETESTCD"), Take("text", "IETEST"))

TITLES = {
    "TITLE": "title",
    "SPREFID": "protocol_number",
    "TPHASE": "phase",
    "INDIC": "indication",
    "SPONSOR": "sponsor",
    "REGID": "registry_number",
}
"""Parameters of TS taken as text into the study."""

FIGURES = (
    Take("started", "SSTDTC", "partial"),
    Take("ended", "SENDTC", "partial"),
    Take("planned_participants", "PLANSUB", "whole"),
)
"""Parameters of TS that are dates or numbers."""

SEVERITIES = {"MILD": "mild", "MODERATE": "moderate", "SEVERE": "severe"}
BLINDINGS = {"OPEN": "open", "SINGLE": "single", "DOUBLE": "double"}
"""First word of TBLIND."""

CATEGORIES = {"DISPOSITION EVENT": "event", "PROTOCOL MILESTONE": "milestone", "OTHER EVENT": "other"}
CRITERIA = {"INCLUSION": "inclusion", "EXCLUSION": "exclusion"}

MILESTONES = frozenset(
    {
        "INFORMED CONSENT OBTAINED", "INFORMED ASSENT OBTAINED", "ELIGIBILITY CRITERIA MET", "RANDOMIZED", "ENROLLED",
        "ENTERED INTO TRIAL", "TREATMENT UNBLINDED",
    }
)  # fmt: skip
ENDINGS = frozenset(
    {
        "ADVERSE EVENT", "COMPLETED", "DEATH", "DISEASE RELAPSE", "FAILURE TO MEET CONTINUATION CRITERIA",
        "LACK OF EFFICACY", "LOST TO FOLLOW-UP", "NON-COMPLIANCE WITH STUDY DRUG", "OTHER", "PHYSICIAN DECISION",
        "PREGNANCY", "PROGRESSIVE DISEASE", "PROTOCOL DEVIATION", "PROTOCOL VIOLATION", "RECOVERY", "SCREEN FAILURE",
        "SCREENING NOT COMPLETED", "SITE TERMINATED BY SPONSOR", "STUDY TERMINATED BY SPONSOR", "TECHNICAL PROBLEMS",
        "WITHDRAWAL BY PARENT/GUARDIAN", "WITHDRAWAL BY SUBJECT",
    }
)  # fmt: skip
"""CDISC terms of DSDECOD by which a missing DSCAT can be told (codelists PROTMLST and NCOMPLT)."""

NO_ARM = frozenset(
    {
        "screenfailure", "screenfail", "scrnfail", "notassigned", "notassgn", "nottreated", "nottrt",
        "unplannedtreatment", "unplan", "notrandomized", "notrandomised", "assignednottreated",
        "筛选失败", "筛败", "未分组", "未分配",
        "未随机", "未治疗", "echecdeselection", "echecalaselection", "nonassigne", "nonrandomise", "nontraite",
        "fallodeseleccion", "noasignado", "screeningversagen", "nichtzugeteilt", "nichtrandomisiert",
    }
)  # fmt: skip
SCREEN_FAILURE = frozenset(
    {
        "screenfailure", "screenfail", "scrnfail", "筛选失败", "筛败", "echecdeselection", "echecalaselection",
        "fallodeseleccion", "screeningversagen",
    }
)  # fmt: skip
"""What stands in place of an arm; letters only, without case and accents (`headings.bare`)."""

SEXES = {
    "男": "M", "女": "F", "male": "M", "female": "F", "masculin": "M", "feminin": "F", "homme": "M", "femme": "F",
    "mannlich": "M", "weiblich": "F", "hombre": "M", "mujer": "F", "masculino": "M", "femenino": "F",
    "男性": "M", "女性": "F",
}  # fmt: skip
SEX_CODES = frozenset({"F", "M", "U", "UNDIFFERENTIATED", "INTERSEX"})

REQUIRED = {
    "DM": (("USUBJID", "SUBJID"),),
    "DS": (("USUBJID",), ("DSDECOD", "DSTERM")),
    "SV": (("USUBJID",), ("VISITNUM", "VISIT", "SVSTDTC")),
    "AE": (("USUBJID",), ("AETERM", "AEDECOD")),
    "EX": (("USUBJID",), ("EXTRT",)),
    "SUPPDM": (("USUBJID",), ("QNAM",), ("QVAL",)),
    "TA": (("ARMCD",),),
    "TE": (("ETCD",),),
    "TI": (("IETESTCD",), ("IETEST",)),
    "TS": (("TSPARMCD",), ("TSVAL",)),
    "TV": (("VISITNUM",),),
}
"""Of each group of variables a dataset must have one, else it is not that dataset."""

MARKS = (
    ("SUPPDM", ("RDOMAIN", "QNAM")),
    ("AE", ("AETERM",)),
    ("DS", ("DSDECOD",)),
    ("DS", ("DSTERM",)),
    ("EX", ("EXTRT",)),
    ("SV", ("USUBJID", "SVSTDTC")),
    ("TA", ("TAETORD",)),
    ("TE", ("TESTRL",)),
    ("TS", ("TSPARMCD",)),
    ("TV", ("TVSTRL",)),
    ("DM", ("SUBJID", "SEX")),
    ("DM", ("SUBJID", "SITEID")),
    ("DM", ("USUBJID", "SITEID", "SEX")),
    ("DM", ("USUBJID", "ARM", "SEX")),
)
"""Variables by which a dataset is known that says neither in a column nor by its name what it is; first match wins."""

EXPECTED = ("DS", "SV", "AE", "EX", "TA", "TI", "TS", "TV")
