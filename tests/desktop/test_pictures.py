from __future__ import annotations

from PySide6.QtGui import QImage

from trialdesk.base.i18n import language
from trialdesk.desktop import style
from trialdesk.desktop.pages.catalog import CATALOGUE
from trialdesk.desktop.pictures import INSIDE, SIZE, take
from trialdesk.studies.actions import create_study


def test_every_page_of_a_real_desk_has_its_picture(qapp, sqlite_desk, tmp_path):
    sqlite_desk.run(create_study, short_name="ATLAS", title="Early mobilisation")
    files = take(sqlite_desk, tmp_path, languages=("zh",), looks=("dark",))
    pages = [place.key for place in CATALOGUE.places] + [section.key for section in CATALOGUE.sections]
    names = [*pages, *INSIDE]
    assert [file.stem for file in files] == [f"{name}-zh-dark" for name in names]
    for file in files:
        image = QImage(str(file))
        assert (image.width(), image.height()) == SIZE
        assert image.pixelColor(300, 20).lightness() < 60, f"{file.name} is dark"
        assert file.stat().st_size < 200_000
    assert (language(), style.is_dark()) == ("en", False)
