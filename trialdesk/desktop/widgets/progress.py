"""Long work at the foot of the window: what it does, how far it is, how long it takes yet, and Cancel. Never modal."""

from __future__ import annotations

from math import ceil

from PySide6.QtWidgets import QFrame, QProgressBar, QPushButton, QWidget

from trialdesk.base.i18n import _, n_
from trialdesk.desktop import parts, style
from trialdesk.desktop.jobs import Job, Jobs


class ProgressStrip(QFrame):
    """One line for each long piece of work under way; gone when there is none."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        parts.dress(self, "strip", shown=False)
        self._lines: dict[Job, _Line] = {}
        self._layout = parts.column(
            self, spacing=style.SMALL, margins=(style.LARGE, style.SMALL, style.LARGE, style.SMALL)
        )
        jobs.started.connect(self._begin)
        jobs.progressed.connect(self._advance)
        jobs.ended.connect(self._end)

    def _begin(self, job: Job) -> None:
        line = _Line(job)
        self._lines[job] = line
        self._layout.addWidget(line)
        self.show()

    def _advance(self, job: Job) -> None:
        if job in self._lines:
            self._lines[job].look()

    def _end(self, job: Job) -> None:
        line = self._lines.pop(job, None)
        if line:
            self._layout.removeWidget(line)
            line.deleteLater()
        self.setVisible(bool(self._lines))


class _Line(QWidget):
    def __init__(self, job: Job) -> None:
        super().__init__()
        self._job = job
        title = parts.said(job.title, "strong")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(job.title)
        self._bar.setFixedWidth(220)
        self._words = parts.said(role="muted")
        self._cancel = QPushButton(_("Cancel"))
        self._cancel.setAccessibleName(_("Cancel: {title}").format(title=job.title))
        self._cancel.clicked.connect(self._stop)
        layout = parts.row(self, spacing=style.MEDIUM)
        layout.addWidget(title)
        layout.addWidget(self._bar)
        layout.addWidget(self._words, 1)
        layout.addWidget(self._cancel)
        self.look()

    def look(self) -> None:
        """Show how far the work is now."""
        job = self._job
        self._bar.setRange(0, job.total)
        self._bar.setValue(job.done)
        parts = [job.words]
        if job.total:
            parts.append(_("{done} of {total}").format(done=f"{job.done:,}", total=f"{job.total:,}"))
        seconds = job.seconds_left()
        if seconds is not None:
            parts.append(time_left(seconds))
        self._words.setText(" · ".join(part for part in parts if part))

    def _stop(self) -> None:
        self._job.cancel()
        self._cancel.setEnabled(False)
        self._cancel.setToolTip(_("Stopping after this step"))
        self._words.setText(_("Stopping…"))


def time_left(seconds: float) -> str:
    """Return a time left in words, as roughly as it is known."""
    if seconds < 60:
        count = max(5, ceil(seconds / 5) * 5)
        return n_("{count} second left", "{count} seconds left", count).format(count=count)
    count = ceil(seconds / 60)
    return n_("{count} minute left", "{count} minutes left", count).format(count=count)
