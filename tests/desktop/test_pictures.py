from __future__ import annotations

from PySide6.QtGui import QImage

from trialdesk.desktop.pages.catalog import CATALOGUE
from trialdesk.desktop.pictures import SIZE, take
from trialdesk.studies.actions import create_study


def test_every_page_of_a_real_desk_has_its_picture(qapp, sqlite_desk, tmp_path):
    sqlite_desk.run(create_study, short_name="ATLAS", title="Early mobilisation")
    files = take(sqlite_desk, tmp_path)
    names = [place.key for place in CATALOGUE.places] + [f"study-{section.key}" for section in CATALOGUE.sections]
    assert [file.stem for file in files] == names
    assert all(QImage(str(file)).width() >= SIZE[0] for file in files)
