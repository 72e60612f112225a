// The other of two translation units.
__device__ float twice(float value) { return 2 * value; }
__global__ void second(float* values) { values[threadIdx.x] = twice(values[threadIdx.x]); }
