"""From what holds to a report: in words, in order, without what the project knows already."""
