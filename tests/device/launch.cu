// One kernel behind a C function, for a library that is diagnosed before it is run.
#include <cuda_runtime.h>

__global__ void add(int *out) { *out += 41; }

extern "C" const char *launch(int *result) {
  int *place = nullptr;
  int one = 1;
  cudaError_t error = cudaMalloc(&place, sizeof(int));
  if (error == cudaSuccess) error = cudaMemcpy(place, &one, sizeof(int), cudaMemcpyHostToDevice);
  if (error == cudaSuccess) {
    add<<<1, 1>>>(place);
    error = cudaGetLastError();
  }
  if (error == cudaSuccess) error = cudaDeviceSynchronize();
  if (error == cudaSuccess) error = cudaMemcpy(result, place, sizeof(int), cudaMemcpyDeviceToHost);
  return cudaGetErrorName(error);
}
