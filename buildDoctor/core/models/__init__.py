"""What a model needs of hardware and build."""
