// One of two translation units of a library: this one calls a device function of the other.
extern __device__ float twice(float value);
__global__ void first(float* values) { values[threadIdx.x] = twice(values[threadIdx.x]); }
