"""From the trace of a project's build scripts to what they decide: lists, features, sources."""

from buildDoctor.core.plan.build import MOST_FEATURES, plan_from_trace
from buildDoctor.core.plan.records import TraceRecord

__all__ = ["MOST_FEATURES", "TraceRecord", "plan_from_trace"]
