"""The shell around the core: asks every instrument, judges, tries the fixes, and returns a report.

It imports nothing by itself: a look inside one file needs neither rules nor build scripts.
"""
