"""Amounts in words, as Chinese invoices carry them."""

from __future__ import annotations

from trialdesk.base.i18n import language
from trialdesk.base.money import exponent_of

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "兆")
_MINOR = ("角", "分")


def in_words(amount: int, currency: str) -> str:
    """Return an amount in Chinese financial numerals, as invoices in Chinese carry it; in other languages nothing.

    Renminbi in yuan, jiao and fen; other currencies by their code, with their decimals said one by one.
    """
    if language() != "zh":
        return ""
    exponent = exponent_of(currency)
    whole, minor = divmod(abs(amount), 10**exponent)
    lead = "负" if amount < 0 else ""
    digits = f"{minor:0{exponent}d}" if exponent else ""
    if currency == "CNY":
        return f"人民币{lead}{_yuan(whole, digits)}"
    said = f"{currency} {lead}{_whole(whole)}"
    return f"{said}点{''.join(_DIGITS[int(each)] for each in digits)}" if minor else f"{said}整"


def _yuan(whole: int, digits: str) -> str:
    jiao, fen = (int(each) for each in digits)
    said = f"{_whole(whole)}元" if whole or not (jiao or fen) else ""
    if not (jiao or fen):
        return f"{said}整"
    if jiao:
        said += f"{_DIGITS[jiao]}{_MINOR[0]}"
    elif whole:
        said += _DIGITS[0]
    return f"{said}{_DIGITS[fen]}{_MINOR[1]}" if fen else f"{said}整"


def _whole(number: int) -> str:
    if number == 0:
        return _DIGITS[0]
    said, gap, group = "", False, 0
    while number:
        number, part = divmod(number, 10_000)
        if part:
            lead = _DIGITS[0] if number and part < 1_000 else ""
            tail = _DIGITS[0] if gap and said and not said.startswith(_DIGITS[0]) else ""
            said = f"{lead}{_four(part)}{_GROUPS[group]}{tail}{said}"
            gap = False
        else:
            gap = bool(said)
        group += 1
    return said


def _four(number: int) -> str:
    said, zero = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            said += (_DIGITS[0] if zero and said else "") + _DIGITS[digit] + _PLACES[place]
            zero = False
        else:
            zero = True
    return said
