"""The instruments: each looks at one part of the world and returns evidence, or why it could not."""
