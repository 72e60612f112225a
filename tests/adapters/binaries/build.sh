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
# The host side registers the kernels of the architecture that is named last.
# shellcheck disable=SC2046
build unregistered guarded.cu $(gencode 120 sm_120) $(gencode 80 sm_80)
# shellcheck disable=SC2046
build nvfp4 nvfp4.cu $(gencode 100f sm_100f) $(gencode 120a sm_120a) --compress-mode=size

# No device code at all.
echo 'int answer(void) { return 42; }' >"$work/host.c"
cc -shared -nostdlib -Wl,-z,noseparate-code,--build-id=none "$work/host.c" -o no-device-code.so
strip no-device-code.so

# What each kernel takes, and several translation units in one library.
# shellcheck disable=SC2046
build resources resources.cu $(gencode 80 sm_80) $(gencode 90 sm_90) $(gencode 90 compute_90)
for unit in scale host_only guarded; do
  # shellcheck disable=SC2046
  nvcc -std=c++17 -O1 -Xcompiler -fPIC --frandom-seed=1 $(gencode 80 sm_80) $(gencode 120 sm_120) -c $unit.cu -o "$work/$unit.o"
done
cc -shared -nostdlib -Wl,-z,noseparate-code,--build-id=none "$work/scale.o" "$work/host_only.o" "$work/guarded.o" -o several.so
strip several.so

# Object files, and a static library of them: one with a loadable image, two that wait for their device link.
for unit in first second; do
  # shellcheck disable=SC2046
  nvcc -O1 --frandom-seed=1 $(gencode 80 sm_80) $(gencode 80 compute_80) -dc $unit.cu -o "$work/$unit.o"
  strip --strip-debug "$work/$unit.o"
done
nvcc -O1 --frandom-seed=1 -gencode "arch=compute_80,code=[lto_80,sm_90]" -dc second.cu -o lto.o
strip --strip-debug "$work/scale.o" lto.o
cp "$work/scale.o" "$work/a_scale_with_a_long_name.o"
rm -f library.a
ar rcD library.a "$work/a_scale_with_a_long_name.o" "$work/first.o" "$work/second.o"

# Device code without a host: PTX, cubins, and a fatbin in each way of packing. 1, 3 and 5 are no documented modes.
nvcc -O1 -ptx -arch=compute_80 scale.cu -o scale.ptx
for target in 80 90a 120; do nvcc -O1 -cubin -arch=sm_$target scale.cu -o "$work/$target.cubin"; done
nvcc -O1 -cubin -gencode arch=compute_120f,code=sm_120f scale.cu -o scale-120f.cubin
cp "$work/90a.cubin" scale-90a.cubin
images="--image3=kind=elf,sm=80,file=$work/80.cubin --image3=kind=ptx,sm=80,file=scale.ptx"
for packing in 1=zlib 2=lz4 3=lz4-frame 5=zstd; do
  # shellcheck disable=SC2086  # the images are words
  fatbinary --64 --compress-all --compress-algorithm="${packing%=*}" --create="packed-${packing#*=}.fatbin" $images
done

# A cubin and a fatbin as data of a program, which hands them to the driver by itself.
cat >"$work/data.s" <<EOF
  .section .rodata
  .asciz "before"
  .incbin "scale-90a.cubin"
  .asciz "between"
  .incbin "packed-zstd.fatbin"
  .section .cask_resource, "a"
  .incbin "packed-lz4.fatbin"
  .zero 8
  .incbin "packed-zlib.fatbin"
EOF
cc -shared -nostdlib -Wl,-z,noseparate-code,--build-id=none -x assembler "$work/data.s" -o embedded.so
strip embedded.so

# Other toolkits, when their tools are given: ptxas of several, as "12.0=PATH 12.6=PATH", and fatbinary of 13.4 or newer.
sed 's/^.version 9.0/.version 8.0/; s/^.target sm_80/.target sm_90/' scale.ptx >"$work/older.ptx"
for tool in ${OLDER_PTXAS:-}; do
  "${tool#*=}" -arch=sm_90 "$work/older.ptx" -o "scale-by-${tool%%=*}.cubin"
done
if [ -n "${NEWER_FATBINARY:-}" ]; then
  "$NEWER_FATBINARY" -64 --concat --compress-all --create=concatenated.fatbin --image3=kind=ptx,sm=80,file=scale.ptx \
    "--image3=kind=elf,sm=80,file=$work/80.cubin" "--image3=kind=elf,sm=90a,file=$work/90a.cubin" \
    "--image3=kind=elf,sm=120,file=$work/120.cubin"
fi
