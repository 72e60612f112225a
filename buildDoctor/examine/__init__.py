"""The shell around the core: asks every instrument, judges, tries the fixes, and returns a report."""

from buildDoctor.examine.options import Options, Progress
from buildDoctor.examine.run import examine, examine_demo, judge_again

__all__ = ["Options", "Progress", "examine", "examine_demo", "judge_again"]
