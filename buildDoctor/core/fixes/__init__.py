"""Changes of a build: how they are asked for, proposed, searched, edited and tried."""
