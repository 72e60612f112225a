#!/bin/sh
# Builds the small shared objects that tests read. They are read, never loaded, so the CUDA runtime is left out.
# Needs nvcc 13.0; another version writes other images, and the tests say so.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

build() {
  name=$1 source=$2
  shift 2
  nvcc -std=c++17 -O1 -Xcompiler -fPIC --frandom-seed=1 "$@" -c "$source" -o "$work/$name.o"
  nvcc -shared -cudart none -Xlinker -z,noseparate-code,--build-id=none "$@" "$work/$name.o" -o "$work/$name.so"
  strip "$work/$name.so"
  cp "$work/$name.so" "$name.so"
}

gencode() { echo "-gencode arch=compute_$1,code=$2"; }

# shellcheck disable=SC2046  # the flags are words
build plain scale.cu $(gencode 80 sm_80) $(gencode 90 sm_90) $(gencode 120 sm_120)
# shellcheck disable=SC2046
build suffixes scale.cu $(gencode 90a sm_90a) $(gencode 100f sm_100f) $(gencode 120a sm_120a)
# shellcheck disable=SC2046
build ptx scale.cu $(gencode 80 sm_80) $(gencode 90 compute_90) $(gencode 120f compute_120f)
for mode in size speed balance none; do
  # shellcheck disable=SC2046
  build "compress-$mode" scale.cu $(gencode 90 sm_90) $(gencode 90 compute_90) --compress-mode=$mode
done
# shellcheck disable=SC2046
build rdc-unlinked scale.cu $(gencode 80 sm_80) $(gencode 90 compute_90) -rdc=true
# Without the CUDA runtime nvcc leaves the device link out, so it is asked for.
# shellcheck disable=SC2046
nvcc $(gencode 80 sm_80) -dlink -Xcompiler -fPIC "$work/rdc-unlinked.o" -o "$work/linked.o"
cc -shared -nostdlib -Wl,-z,noseparate-code,--build-id=none "$work/rdc-unlinked.o" "$work/linked.o" -o "$work/rdc.so"
strip "$work/rdc.so"
cp "$work/rdc.so" rdc.so
# shellcheck disable=SC2046
build host-only host_only.cu $(gencode 80 sm_80) $(gencode 90 sm_90)
# shellcheck disable=SC2046
build guarded guarded.cu $(gencode 80 sm_80) $(gencode 120 sm_120)
# shellcheck disable=SC2046
build nvfp4 nvfp4.cu $(gencode 100f sm_100f) $(gencode 120a sm_120a) --compress-mode=size

# No device code at all.
echo 'int answer(void) { return 42; }' >"$work/host.c"
cc -shared -nostdlib -Wl,-z,noseparate-code,--build-id=none "$work/host.c" -o no-device-code.so
strip no-device-code.so
