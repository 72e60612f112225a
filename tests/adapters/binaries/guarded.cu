// A kernel that only newer GPUs get, as sources do with __CUDA_ARCH__.
template <int N>
__global__ void everywhere(float* values) {
  values[threadIdx.x] += N;
}
template <int N>
__global__ void newer_only(float* values) {
  values[threadIdx.x] *= N;
}

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 900
template __global__ void newer_only<2>(float*);
#endif
template __global__ void everywhere<1>(float*);
