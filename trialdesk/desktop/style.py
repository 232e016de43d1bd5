"""The one set of tokens, and what is generated from it: two palettes and one style sheet on Qt's Fusion style.

Every colour, gap, radius and type size on screen comes from here. Colours have the names that `base.drawing` uses,
so a picture and the window around it agree. Sizes are device independent pixels.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Template
from types import MappingProxyType
from typing import Final, Literal

from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette

from trialdesk.base.i18n import N_
from trialdesk.base.places import resources

HAIR: Final = 4
SMALL: Final = 8
MEDIUM: Final = 12
LARGE: Final = 16
WIDE: Final = 24

FINE: Final = 11
BODY: Final = 13
TITLE: Final = 16
DISPLAY: Final = 20

RADIUS: Final = 6
CONTROL_HEIGHT: Final = 32
ROW_HEIGHT: Final = 32
ICON: Final = 20

Hue = Literal["neutral", "good", "warning", "bad", "info", "accent"]
Choice = Literal["system", "light", "dark"]
CHOICES: Final[tuple[tuple[Choice, str], ...]] = (
    ("system", N_("Like the system")),
    ("light", N_("Light")),
    ("dark", N_("Dark")),
)

LIGHT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "window": "#f6f6f7",
        "rail": "#eeeef1",
        "surface": "#ffffff",
        "raised": "#ffffff",
        "hover": "#f1f2f5",
        "pressed": "#e6e8ed",
        "line": "#e4e5ea",
        "line-strong": "#b9bdc7",
        "ink": "#1b1e24",
        "muted": "#5a606c",
        "faint": "#878e9b",
        "accent": "#3457c5",
        "accent-strong": "#2a48a8",
        "accent-soft": "#e6ecfc",
        "on-accent": "#ffffff",
        "neutral": "#4d535e",
        "neutral-soft": "#eceef1",
        "good": "#1a6e43",
        "good-soft": "#e1f3e9",
        "warning": "#8a5300",
        "warning-soft": "#fcf0d9",
        "bad": "#b02a20",
        "bad-soft": "#fce8e6",
        "info": "#1d6289",
        "info-soft": "#e0f0f8",
    }
)
DARK: Final[Mapping[str, str]] = MappingProxyType(
    {
        "window": "#17181b",
        "rail": "#121315",
        "surface": "#1d1f23",
        "raised": "#26282e",
        "hover": "#26292f",
        "pressed": "#30343b",
        "line": "#2e3138",
        "line-strong": "#555b66",
        "ink": "#e7e9ed",
        "muted": "#a4aab6",
        "faint": "#7a818e",
        "accent": "#93abff",
        "accent-strong": "#adc0ff",
        "accent-soft": "#273157",
        "on-accent": "#10142a",
        "neutral": "#b9bec8",
        "neutral-soft": "#2c2f36",
        "good": "#74d3a0",
        "good-soft": "#183628",
        "warning": "#f0bd62",
        "warning-soft": "#3d2f13",
        "bad": "#ff9a90",
        "bad-soft": "#472320",
        "info": "#7cc6ee",
        "info-soft": "#173546",
    }
)

_colours: Mapping[str, str] = LIGHT


def colour(name: str) -> QColor:
    """Return the colour of that name in the scheme in force. Raises KeyError for a name that is no token."""
    return QColor(_colours[name])


def is_dark() -> bool:
    """Say whether the dark scheme is in force."""
    return _colours is DARK


def use(*, dark: bool) -> None:
    """Put the light or the dark colours in force; `look.apply` then dresses the application in them."""
    global _colours
    _colours = DARK if dark else LIGHT


def colours() -> Mapping[str, str]:
    """Return the tokens in force."""
    return _colours


def font(size: int = BODY, *, strong: bool = False) -> QFont:
    """Return the application's font in one of the four sizes; figures have one width."""
    made = QFont(QGuiApplication.font())
    made.setPixelSize(size)
    if strong:
        made.setWeight(QFont.Weight.DemiBold)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def palette(tokens: Mapping[str, str]) -> QPalette:
    """Return Qt's palette for the tokens: what the style sheet does not reach is drawn by Fusion from this."""
    made = QPalette()
    roles = {
        QPalette.ColorRole.Window: "window",
        QPalette.ColorRole.WindowText: "ink",
        QPalette.ColorRole.Base: "surface",
        QPalette.ColorRole.AlternateBase: "hover",
        QPalette.ColorRole.ToolTipBase: "raised",
        QPalette.ColorRole.ToolTipText: "ink",
        QPalette.ColorRole.PlaceholderText: "faint",
        QPalette.ColorRole.Text: "ink",
        QPalette.ColorRole.Button: "surface",
        QPalette.ColorRole.ButtonText: "ink",
        QPalette.ColorRole.BrightText: "bad",
        QPalette.ColorRole.Light: "raised",
        QPalette.ColorRole.Midlight: "hover",
        QPalette.ColorRole.Mid: "line",
        QPalette.ColorRole.Dark: "line-strong",
        QPalette.ColorRole.Shadow: "line-strong",
        QPalette.ColorRole.Highlight: "accent",
        QPalette.ColorRole.HighlightedText: "on-accent",
        QPalette.ColorRole.Link: "accent",
        QPalette.ColorRole.LinkVisited: "accent",
        QPalette.ColorRole.Accent: "accent",
    }
    for role, name in roles.items():
        made.setColor(role, QColor(tokens[name]))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens["faint"]))
    return made


def sheet(tokens: Mapping[str, str], icon_folder: str = "") -> str:
    """Return the style sheet: `resources/style/desktop.qss` with every `${token}` filled in.

    `icon_folder` holds the few icons a style sheet draws itself, already coloured.

    Raises KeyError where the sheet names a token that does not exist.
    """
    text = (resources() / "style" / "desktop.qss").read_text(encoding="utf-8")
    sizes = {
        "hair": HAIR,
        "small": SMALL,
        "medium": MEDIUM,
        "large": LARGE,
        "wide": WIDE,
        "fine": FINE,
        "body": BODY,
        "title": TITLE,
        "display": DISPLAY,
        "radius": RADIUS,
    }
    filled = {name: f"{size}px" for name, size in sizes.items()}
    filled |= {name.replace("-", "_"): value for name, value in tokens.items()}
    return Template(text).substitute(filled, icons=icon_folder)
