"""From the trace of a project's build scripts to what they decide: lists, features, sources."""

from buildDoctor.core.plan.build import plan_from_trace
from buildDoctor.core.plan.records import TraceRecord

__all__ = ["TraceRecord", "plan_from_trace"]
