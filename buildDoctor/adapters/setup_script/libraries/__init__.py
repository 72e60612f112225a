"""What a followed script finds when it imports something: models of the modules that build scripts use."""
