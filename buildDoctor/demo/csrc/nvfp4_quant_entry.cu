// The entry points for 4-bit floating point. Kernels are compiled only when the build defines ENABLE_NVFP4_SM100; without
// it the entry points exist, import works, and the first call fails.
#include <stdexcept>

#include "tensor.h"

#if defined(ENABLE_NVFP4_SM100)
void scaled_fp4_quant_sm1xxa(Tensor& output, const Tensor& input, Tensor& scales, const Tensor& global_scale);
void cutlass_scaled_fp4_mm_sm1xxa(Tensor& output, const Tensor& left, const Tensor& right, const Tensor& left_scales,
                                  const Tensor& right_scales, const Tensor& alpha);
#endif

void scaled_fp4_quant([[maybe_unused]] Tensor& output, [[maybe_unused]] const Tensor& input,
                      [[maybe_unused]] Tensor& scales, [[maybe_unused]] const Tensor& global_scale) {
#if defined(ENABLE_NVFP4_SM100)
  return scaled_fp4_quant_sm1xxa(output, input, scales, global_scale);
#else
  throw std::runtime_error("No compiled nvfp4 quantization kernel: this build left it out for every GPU");
#endif
}

void cutlass_scaled_fp4_mm([[maybe_unused]] Tensor& output, [[maybe_unused]] const Tensor& left,
                           [[maybe_unused]] const Tensor& right, [[maybe_unused]] const Tensor& left_scales,
                           [[maybe_unused]] const Tensor& right_scales, [[maybe_unused]] const Tensor& alpha) {
#if defined(ENABLE_NVFP4_SM100)
  return cutlass_scaled_fp4_mm_sm1xxa(output, left, right, left_scales, right_scales, alpha);
#else
  throw std::runtime_error("No compiled nvfp4 mm kernel: this build left it out for every GPU");
#endif
}

// Asked before a model is loaded. It looks at the GPU, not at what was compiled.
bool cutlass_scaled_mm_supports_fp4(int64_t capability) { return capability >= 100; }
