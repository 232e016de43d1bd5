"""The metadata packet of a document, written by hand and read back: conformance, title and what the file proves.

PDF/A asks that own properties be described in the packet itself (ISO 19005-2, 6.6.2.3). One description a schema: the
layout that strict readers accept.
"""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import UTC, datetime
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from trialdesk.base.errors import UserError
from trialdesk.base.i18n import _
from trialdesk.reporting.frame import Proof

NAMESPACE = "urn:x-trialdesk:report/1/"
_PDFUA = "http://www.aiim.org/pdfua/ns/id/"
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_DESCRIBES = {
    "key": "Key of the report",
    "parameters": "Chosen parameters as JSON",
    "study": "Short name of the study",
    "language": "Language of the document",
    "state": "Draft, final or superseded",
    "blinding": "Open, blinded or unblinded",
    "position": "Position in the record the data were read at",
    "cutoff": "Time of that position in UTC",
    "digest": "SHA-256 of the canonical data",
    "role": "Role of the person who made the document",
    "account": "Account of the person who made the document",
    "version": "Version of the program",
    "issue": "Number of the final version",
    "places": "Number of signature fields",
    "uncompared": "Whether nobody looked for names of participants",
}
_SOMETIMES = frozenset({"issue", "places", "uncompared"})


def packet(proof: Proof, *, title: str, at: datetime) -> bytes:
    """Return the packet of a PDF/A-2u and PDF/UA-1 document; `at` is the time of its position."""
    when = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")
    language = {"zh": "zh-CN"}.get(proof.language, proof.language)
    said = {name: value for name in _DESCRIBES if (value := getattr(proof, name)) or name not in _SOMETIMES}
    own = "".join(f"<td:{name}>{_xml(value)}</td:{name}>" for name, value in said.items())
    parts = [
        _described("pdfaid", "http://www.aiim.org/pdfa/ns/id/", _tags("pdfaid", part="2", conformance="U")),
        _described("pdfuaid", _PDFUA, _tags("pdfuaid", part="1")),
        _described(
            "dc",
            "http://purl.org/dc/elements/1.1/",
            f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{_xml(title)}</rdf:li></rdf:Alt></dc:title>'
            f"<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>",
        ),
        _described("pdf", "http://ns.adobe.com/pdf/1.3/", _tags("pdf", Producer="TrialDesk")),
        _described(
            "xmp",
            "http://ns.adobe.com/xap/1.0/",
            _tags("xmp", CreatorTool=f"TrialDesk {escape(proof.version)}", CreateDate=when, ModifyDate=when),
        ),
        _described("td", NAMESPACE, own),
        '<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" '
        'xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" '
        'xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
        "<pdfaExtension:schemas><rdf:Bag>"
        + _schema("PDF/UA identification", _PDFUA, "pdfuaid", _property("part", "Part of ISO 14289", kind="Integer"))
        + _schema("TrialDesk report", NAMESPACE, "td", *(_property(name, _DESCRIBES[name]) for name in said))
        + "</rdf:Bag></pdfaExtension:schemas></rdf:Description>",
    ]
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        f'<rdf:RDF xmlns:rdf="{_RDF}">{"".join(parts)}</rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    ).encode()


def proof_of(data: bytes, *, where: str = "") -> Proof:
    """Return what a packet of ours proves. Raises UserError for one that is not ours; `where` is what it is from."""
    try:
        tree = ET.fromstring(data)  # noqa: S314 - expat refuses the entity bombs that the rule is about
    except ET.ParseError as error:
        raise _not_ours(where) from error
    values = {field.name: tree.find(f".//{{{NAMESPACE}}}{field.name}") for field in fields(Proof)}
    if any(element is None for name, element in values.items() if name not in _SOMETIMES):
        raise _not_ours(where)
    return Proof(**{name: element.text or "" for name, element in values.items() if element is not None})


def _xml(text: str) -> str:
    """Return text as XML holds it; what it cannot hold, a control character, as the sign for that."""
    return escape(_NOT_IN_XML.sub("\ufffd", text))


def _not_ours(where: str) -> UserError:
    return UserError(
        _("This file does not say from which data it was made; it is not a document of TrialDesk."),
        where=where,
        remedy=_("Choose the PDF as TrialDesk wrote it, not one that was printed again or converted."),
    )


def _described(prefix: str, namespace: str, body: str) -> str:
    return f'<rdf:Description rdf:about="" xmlns:{prefix}="{namespace}">{body}</rdf:Description>'


def _tags(prefix: str, /, **values: str) -> str:
    return "".join(f"<{prefix}:{name}>{value}</{prefix}:{name}>" for name, value in values.items())


def _schema(words: str, namespace: str, prefix: str, *properties: str) -> str:
    head = _tags("pdfaSchema", schema=words, namespaceURI=namespace, prefix=prefix)
    return (
        f'<rdf:li rdf:parseType="Resource">{head}<pdfaSchema:property><rdf:Seq>{"".join(properties)}</rdf:Seq>'
        "</pdfaSchema:property></rdf:li>"
    )


def _property(name: str, words: str, kind: str = "Text") -> str:
    body = _tags("pdfaProperty", name=name, valueType=kind, category="internal", description=words)
    return f'<rdf:li rdf:parseType="Resource">{body}</rdf:li>'
