"""What is inside a shared object: device images, kernels and host symbols, read from the file only."""
