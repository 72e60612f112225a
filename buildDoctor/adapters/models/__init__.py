"""What a model's configuration files say about its number formats. Weights are never opened."""
