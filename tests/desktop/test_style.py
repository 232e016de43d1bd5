from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from trialdesk.base.places import resources
from trialdesk.desktop import icons, look, style

HUES = ("neutral", "good", "warning", "bad", "info", "accent")
GROUNDS = ("window", "rail", "surface", "raised", "hover")


def _light(colour: str) -> float:
    made = QColor(colour)
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
        for part in (made.redF(), made.greenF(), made.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    high, low = sorted((_light(one), _light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [style.LIGHT, style.DARK], ids=["light", "dark"])
def test_every_text_can_be_read(scheme):
    pairs = [(text, ground) for text in ("ink", "muted", "accent", "bad") for ground in GROUNDS]
    pairs += [(hue, f"{hue}-soft") for hue in HUES] + [("ink", f"{hue}-soft") for hue in HUES]
    pairs += [("on-accent", "accent"), ("on-accent", "accent-strong"), ("muted", "accent-soft"), ("ink", "pressed")]
    faint = {pair: ratio for pair in pairs if (ratio := _contrast(scheme[pair[0]], scheme[pair[1]])) < 4.5}
    assert not faint
    assert all(_contrast(scheme["faint"], scheme[ground]) >= 3 for ground in ("surface", "window"))


def test_both_schemes_have_the_same_tokens():
    assert style.LIGHT.keys() == style.DARK.keys()


def test_pictures_find_their_colours():
    for name in ("ink", "muted", "line", "surface", *HUES[1:], *(f"{hue}-soft" for hue in HUES[1:])):
        assert style.colour(name).isValid()


def test_a_colour_that_is_no_token_is_refused():
    with pytest.raises(KeyError):
        style.colour("pink")


def test_the_sheet_names_only_tokens_and_no_value():
    text = (resources() / "style" / "desktop.qss").read_text(encoding="utf-8")
    assert not re.search(r":[^;{]*#[0-9a-fA-F]{3,6}", text)
    filled = style.sheet(style.LIGHT)
    assert "${" not in filled
    assert style.LIGHT["accent"] in filled


def test_the_application_changes_between_light_and_dark(qapp: QApplication):
    look.apply(qapp, "dark")
    try:
        assert style.is_dark()
        assert qapp.palette().window().color().name() == style.DARK["window"]
        look.follow_system(qapp, "dark")
        assert style.is_dark(), "one's own choice is not overruled by the system"
        look.follow_system(qapp, "system")
        assert not style.is_dark(), "a system that says nothing is light"
    finally:
        look.apply(qapp, "light")


def test_icons_are_one_family():
    files = sorted((resources() / "icons").glob("*.svg"))
    assert len(files) > 25
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert 'viewBox="0 0 20 20"' in text, file.name
        assert 'stroke-width="1.5"' in text, file.name
        image = icons.pixmap(file.stem, "bad", 20).toImage()
        painted = [image.pixelColor(x, y) for x in range(20) for y in range(20) if image.pixelColor(x, y).alpha() > 200]
        assert painted, f"{file.name} paints nothing"
        wanted = style.colour("bad")
        assert max(abs(painted[0].red() - wanted.red()), abs(painted[0].blue() - wanted.blue())) < 6, file.name


def test_an_icon_takes_the_colour_of_the_scheme_in_force(qapp: QApplication):
    icon = icons.icon("check", "ink")

    def colour() -> str:
        image = icon.pixmap(20, 20).toImage()
        points = [image.pixelColor(x, y) for x in range(20) for y in range(20)]
        return max(points, key=lambda point: point.alpha()).name()

    light = colour()
    look.apply(qapp, "dark")
    try:
        assert colour() != light
    finally:
        look.apply(qapp, "light")


def test_an_icon_without_a_file_is_refused():
    with pytest.raises(FileNotFoundError):
        icons.icon("unicorn")


def test_hues_have_an_icon_each():
    assert all((resources() / "icons" / f"{hue}.svg").exists() for hue in HUES)
