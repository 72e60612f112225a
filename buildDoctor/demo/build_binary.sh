#!/bin/sh
# Builds _C.abi3.so, the shared object of the demo: NVFP4 entry points without kernels beside an ordinary kernel that has
# code for GPU 12.0. It is read, never loaded, so the CUDA runtime is left out. Needs nvcc 13.0.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flags="-O2 -std=c++17 -Xcompiler -fPIC --frandom-seed=1 --compress-mode=size"
architectures=""
for number in 75 80 86 90 120; do
  architectures="$architectures -gencode arch=compute_$number,code=sm_$number"
done
for source in nvfp4_quant_entry activation_kernels; do
  # shellcheck disable=SC2086  # the flags are words
  nvcc $flags $architectures -c "csrc/$source.cu" -o "$work/$source.o"
done
# shellcheck disable=SC2086  # the flags are words
nvcc -shared -cudart none --compress-mode=size -Xlinker -z,noseparate-code,--build-id=none $architectures "$work"/*.o -o "$work/_C.abi3.so"
strip "$work/_C.abi3.so"
cp "$work/_C.abi3.so" _C.abi3.so
