"""Asking a time-stamp service (RFC 3161) over HTTP (its section 3.4): the one place where signing leaves this computer.

Nothing of the document is sent, only its hash.
"""

from __future__ import annotations

from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from asn1crypto import tsp
from pyhanko.sign.timestamps.api import TimeStamper

from trialdesk.base.errors import Environment, UserError
from trialdesk.base.i18n import _

SECONDS = 10.0
"""So long is waited for an answer."""

_LARGEST = 1 << 20


class Service(TimeStamper):
    """A time-stamp service by its address. Raises UserError for an address that is none."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UserError(
                _("“{address}” is not the address of a time-stamp service.").format(address=address[:120]),
                where=_("Time-stamp service"),
                remedy=_("Write it as https://…"),
            )
        super().__init__()  # type: ignore[no-untyped-call]  # the library does not type it
        self._address, self._host = address, parts.hostname

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Return the service's answer. Raises Environment where there is none."""
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        asked = Request(self._address, data=req.dump(), headers=headers)  # noqa: S310 - http or https, looked at above
        try:
            with urlopen(asked, timeout=SECONDS) as answer:  # noqa: S310, ASYNC210 - as above; nothing else is waiting
                return _read(answer.read(_LARGEST))
        except HTTPError as error:
            error.close()
            raise unanswered(self._host, f"{error.code} {error.reason}") from error
        except (URLError, OSError) as error:
            raise unanswered(self._host, str(getattr(error, "reason", error))) from error
        except (ValueError, TypeError) as error:
            raise unanswered(self._host, _("what it answered is no time stamp")) from error


def _read(answer: bytes) -> Any:
    """Return an answer, read as far as is looked at later. Raises ValueError or TypeError for what holds no stamp."""
    response = tsp.TimeStampResp.load(answer)
    if response["status"]["status"].native == "granted":
        parsed = response["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed
        parsed["message_imprint"]["hashed_message"].native  # noqa: B018 - reading it is the look
    return response


def unanswered(host: str, why: str) -> Environment:
    """Return what to say where a service gave no time stamp."""
    return Environment(
        _("The time-stamp service {host} gave no time stamp: {why}.").format(host=host, why=why[:200]),
        where=_("Time-stamp service"),
        remedy=_("Nothing was signed. Try again later, or sign without a time stamp."),
    )
