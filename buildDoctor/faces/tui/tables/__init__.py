"""The rows of the tables, made when they are shown."""
