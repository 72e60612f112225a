"""The parts of the screens. Each takes data by reactive attributes and speaks by messages."""
