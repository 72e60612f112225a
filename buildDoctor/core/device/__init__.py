"""Which code runs on which GPU, and what driver and toolkit have to do with it."""
