// An entry point with implementations for two families, of which one build calls the first alone.
struct Tensor { int family; };
void cutlass_scaled_fp4_mm_sm100a(Tensor&, const Tensor& a) { __asm__ volatile("" ::"r"(&a)); }
void cutlass_scaled_fp4_mm_sm120a(Tensor&, const Tensor& a) { __asm__ volatile("nop" ::"r"(&a)); }
void cutlass_scaled_fp4_mm(Tensor& out, const Tensor& a) {
#ifdef COMPILE_TIME
  return cutlass_scaled_fp4_mm_sm100a(out, a);
#else
  if (a.family >= 120) return cutlass_scaled_fp4_mm_sm120a(out, a);
  cutlass_scaled_fp4_mm_sm100a(out, a);
  out.family = a.family;
#endif
}
