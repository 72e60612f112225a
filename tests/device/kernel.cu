// One kernel that writes 42, and a host that says what became of it: capability, error name, value.
//
// WITHOUT_900, WITHOUT_BELOW_900: leaves the kernel out of the images for 9.0, or of those for less.
// WITHOUT_SPECIFIC, WITHOUT_PLAIN: leaves it out of images for exactly one chip, or of all others.
// SEPARATE: the value comes from a device function of another translation unit.
#include <cstdio>
#include <cuda_runtime.h>

#ifdef SEPARATE
extern __device__ int value();
#else
__device__ int value() { return 42; }
#endif

#ifdef __CUDA_ARCH_FEAT_SM90_ALL
#define SPECIFIC 1
#else
#define SPECIFIC 0
#endif

#if defined(__CUDA_ARCH__) &&                                                                   \
    ((defined(WITHOUT_900) && __CUDA_ARCH__ == 900) || (defined(WITHOUT_BELOW_900) && __CUDA_ARCH__ < 900) || \
     (defined(WITHOUT_SPECIFIC) && SPECIFIC) || (defined(WITHOUT_PLAIN) && !SPECIFIC))
#define LEFT_OUT
#endif

template <int N>
__global__ void answer(int* result) {
  *result = value() + N;
}
#ifndef LEFT_OUT
template __global__ void answer<0>(int*);
#endif

int main() {
  int major = 0, minor = 0, result = 0;
  cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, 0);
  cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, 0);
  int* memory = nullptr;
  cudaError_t error = cudaMalloc(&memory, sizeof(int));
  if (error == cudaSuccess) {
#ifndef LEFT_OUT
    answer<0><<<1, 1>>>(memory);
#endif
    error = cudaGetLastError();
  }
  if (error == cudaSuccess) error = cudaMemcpy(&result, memory, sizeof(int), cudaMemcpyDeviceToHost);
  std::printf("%d.%d\t%s\t%d\n", major, minor, cudaGetErrorName(error), result);
  return 0;
}
