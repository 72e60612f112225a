// The device function of the sets that are compiled separately.
__device__ int value() { return 42; }
