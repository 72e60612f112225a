// One kernel, and its host function, for the shared objects that tests read.
__global__ void scale(float* values, float factor) { values[threadIdx.x] *= factor; }

void launch_scale(float* values, float factor) { scale<<<1, 32>>>(values, factor); }
