// The names that an NVFP4 build of vLLM has, on kernels that do next to nothing.
struct Tensor {
  void* data;
};

namespace vllm {
template <class Type, bool UE8M0>
__global__ void cvt_fp16_to_fp4(int rows, int columns, const Type* input, const float* scale, unsigned* output,
                                unsigned* scales) {
  output[threadIdx.x] = static_cast<unsigned>(input[threadIdx.x]) + scales[0] + rows + columns + scale[0];
}
}  // namespace vllm

void scaled_fp4_quant_sm1xxa(Tensor& output, const Tensor& input, const Tensor& scales) {
  vllm::cvt_fp16_to_fp4<unsigned short, false>
      <<<1, 32>>>(1, 1, static_cast<const unsigned short*>(input.data), static_cast<const float*>(scales.data),
                  static_cast<unsigned*>(output.data), static_cast<unsigned*>(scales.data));
}

void scaled_fp4_quant(Tensor& output, const Tensor& input, const Tensor& scales) {
  scaled_fp4_quant_sm1xxa(output, input, scales);
}

bool cutlass_scaled_mm_supports_fp4(long capability) { return capability >= 100; }
