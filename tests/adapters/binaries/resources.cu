// Kernels that take different things of the GPU, so that a reader of resources has something to tell apart.
extern "C" __global__ void __launch_bounds__(256) bounded(float* values) { values[threadIdx.x] += 1; }

extern "C" __global__ void shared_memory(float* values) {
  __shared__ float tile[512];
  tile[threadIdx.x] = values[threadIdx.x];
  __syncthreads();
  values[threadIdx.x] = tile[511 - threadIdx.x];
}

extern "C" __global__ void stack(int* values, int at) {
  volatile int local[1024];
#pragma unroll 1
  for (int i = 0; i < 1024; ++i) local[i] = values[i];
  values[threadIdx.x] = local[at & 1023];
}

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 900
extern "C" __global__ void __cluster_dims__(2, 1, 1) clustered(float* values) { values[threadIdx.x] += 2; }
#endif

namespace {
__global__ void own_to_this_file(float* values) { values[threadIdx.x] += 3; }
}  // namespace

void launch(float* values) { own_to_this_file<<<1, 32>>>(values); }
