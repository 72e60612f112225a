"""Values in, values out: evidence, architectures, rules and the judgement. Reads and writes nothing."""
