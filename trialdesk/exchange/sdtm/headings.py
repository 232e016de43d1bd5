"""Column headings → SDTM variables, where a table carries CDISC's labels or a site's own language instead of names."""

from __future__ import annotations

import re
import unicodedata

# Written as `bare` writes them.
_ALIASES = {
    "STUDYID": "studyidentifier|study|studynumber|研究编号|方案编号|试验编号|etude|numeroetude|studie|estudio",
    "DOMAIN": "domainabbreviation",
    "USUBJID": (
        "uniquesubjectidentifier|uniquesubjectid|受试者唯一编号|受试者唯一标识|受试者唯一标识符|唯一受试者编号|"
        "sujet|identifiantuniquedusujet|identifiantsujet|patient|eindeutigesubjektid|identificadorunicodelsujeto"
    ),
    "SUBJID": (
        "subjectidentifierforthestudy|subjectidentifier|subjectnumber|subjectid|participantnumber|patientnumber|"
        "受试者编号|受试者号|筛选号|患者编号|nosujet|nsujet|numerosujet|numerodusujet|nopatient|patientennummer|numerodesujeto"
    ),
    "SITEID": (
        "studysiteidentifier|siteidentifier|site|sitenumber|centre|center|中心编号|中心号|中心|zentrum|centro|numerocentre"
    ),
    "AGE": "age|agedusujet|年龄|alter|edad",
    "AGEU": "ageunits|ageunit|年龄单位|uniteage",
    "SEX": "sex|gender|性别|sexe|geschlecht|sexo",
    "RACE": "race|人种|种族|rasse|raza",
    "ETHNIC": "ethnicity|ethnicgroup|民族|族裔|ethnie|etnia",
    "COUNTRY": "country|国家|pays|land|pais",
    "ARM": (
        "descriptionofplannedarm|plannedarm|arm|treatmentarm|treatmentgroup|组别|分组|计划组别|治疗组|bras|bradetraitement|"
        "brasdetraitement|groupe|behandlungsarm|brazo|grupo"
    ),
    "ARMCD": "plannedarmcode|armcode|组别代码|组别编码|codebras",
    "ACTARM": "descriptionofactualarm|actualarm|实际组别|实际治疗组|brasreel",
    "ACTARMCD": "actualarmcode|实际组别代码|codebrasreel",
    "DMDTC": (
        "datetimeofcollection|screeningdate|dateofscreening|筛选日期|datedeselection|screeningdatum|fechadeseleccion"
    ),
    "RFICDTC": (
        "datetimeofinformedconsent|dateofinformedconsent|informedconsentdate|consentdate|知情同意日期|知情同意书签署日期|"
        "签署知情同意书日期|dateconsentement|datedeconsentement|datumdereinwilligung|fechaconsentimiento|fechadeconsentimiento"
    ),
    "RFSTDTC": "subjectreferencestartdatetime|referencestartdate|参考开始日期|受试者参考开始日期",
    "RFENDTC": "subjectreferenceenddatetime|referenceenddate|参考结束日期|受试者参考结束日期",
    "RFXSTDTC": (
        "datetimeoffirststudytreatment|dateoffirststudytreatment|firstdosedate|dateoffirstdose|首次给药日期|首次用药日期|"
        "debuttraitement|debutdutraitement|behandlungsbeginn|iniciodetratamiento|iniciotratamiento"
    ),
    "RFXENDTC": (
        "datetimeoflaststudytreatment|dateoflaststudytreatment|lastdosedate|dateoflastdose|末次给药日期|末次用药日期|"
        "fintraitement|findutraitement|behandlungsende|findetratamiento|fintratamiento"
    ),
    "RFPENDTC": "datetimeofendofparticipation|dateofendofparticipation|参与结束日期|结束参与日期|findeparticipation",
    "DTHDTC": "datetimeofdeath|dateofdeath|deathdate|死亡日期|datededeces|datedeces|todesdatum|fechademuerte",
    "DTHFL": "subjectdeathflag|deathflag|死亡标志|死亡标识|是否死亡|deces|decede|tod|verstorben|muerte",
    "AETERM": "reportedtermfortheadverseevent|adverseevent|不良事件名称|不良事件|evenementindesirable",
    "AESEV": "severityintensity|严重程度|severite",
    "AESER": "seriousevent|是否严重不良事件|evenementgrave",
    "AESTDTC": "startdatetimeofadverseevent|不良事件开始日期",
    "AEENDTC": "enddatetimeofadverseevent|不良事件结束日期",
    "AEOUT": "outcomeofadverseevent|不良事件转归|转归",
    "VISITNUM": "visitnumber|访视编号|访视号|numerodevisite|numerovisite",
    "VISIT": "visitname|访视名称|访视|visite",
    "SVSTDTC": "startdatetimeofvisit|startdatetimeofobservation|访视日期|访视开始日期|datedevisite",
    "SVENDTC": "enddatetimeofvisit|enddatetimeofobservation|访视结束日期",
    "DSDECOD": "standardizeddispositionterm|处置标准术语",
    "DSTERM": "reportedtermforthedispositionevent|处置术语",
    "DSSTDTC": "startdatetimeofdispositionevent|处置日期",
    "EXTRT": "nameoftreatment|药物名称|给药名称",
}
_VARIABLES = {alias: variable for variable, aliases in _ALIASES.items() for alias in aliases.split("|")}
_AGE_UNITS = {
    "YEARS": ("years", "yrs", "y", "annees", "ans", "jahre", "anos", "岁"),
    "MONTHS": ("months", "mois", "monate", "meses", "月"),
}
_BRACKETS = re.compile(r"[(（\[【](.*?)[)）\]】]")


def bare(text: str) -> str:
    """Return the letters and digits of a text without case, accents and what stands between."""
    split = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in split if letter.isalnum())


def variable(heading: str) -> str:
    """Return the SDTM variable a heading means; a heading that is none is returned trimmed and in capitals."""
    name = heading.strip().upper()
    return _VARIABLES.get(bare(_BRACKETS.sub("", heading)), name)


def age_unit(heading: str) -> str | None:
    """Return the SDTM unit that a heading such as `Age (years)` names in brackets, or None."""
    inside = _BRACKETS.search(heading)
    said = bare(inside[1]) if inside else ""
    return next((unit for unit, words in _AGE_UNITS.items() if said in words), None)
