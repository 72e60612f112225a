// An ordinary kernel, compiled for every architecture of the build.
#include "tensor.h"

__global__ void silu_and_mul_kernel(float* output, const float* input, int64_t width) {
  const int64_t row = blockIdx.x;
  for (int64_t column = threadIdx.x; column < width; column += blockDim.x) {
    const float gate = input[row * 2 * width + column];
    const float value = input[row * 2 * width + width + column];
    output[row * width + column] = gate / (1.0f + expf(-gate)) * value;
  }
}

void silu_and_mul(Tensor& output, const Tensor& input) {
  silu_and_mul_kernel<<<static_cast<unsigned>(output.rows), 256>>>(
      static_cast<float*>(output.data), static_cast<const float*>(input.data), output.columns);
}
