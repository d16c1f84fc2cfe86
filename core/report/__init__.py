"""Report of a batch: what became of each line, and what is worth a look, as a page and as a table."""

from .build import build_report
from .findings import ACTING, KINDS, Finding
from .row import Report, Row
from .write import write_report

__all__ = ["ACTING", "KINDS", "Finding", "Report", "Row", "build_report", "write_report"]
