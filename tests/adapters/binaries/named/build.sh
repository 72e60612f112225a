#!/bin/sh
# Builds named.so, whose symbol table was kept, and stripped.so, whose was not. Needs nvcc 13.0 or newer.
# Two files have one name, as in real projects; host.cu has no device code.
set -eu
cd "$(dirname "$0")"
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
mkdir "$place/other"
printf '__global__ void one() {}\nvoid first() { one<<<1, 1>>>(); }\n' > "$place/kernels.cu"
printf '__global__ void two() {}\nvoid second() { two<<<1, 1>>>(); }\n' > "$place/other/kernels.cu"
printf '__global__ void three() {}\nvoid third() { three<<<1, 1>>>(); }\n' > "$place/fp4_sm120.v2.cu"
printf 'int nothing() { return 0; }\nstatic int local = 1;\nint *kept() { return &local; }\n' > "$place/host.cu"
flags="-Xcompiler=-fPIC,-Os,-g0 --cudart=shared -c"
nvcc $flags -gencode arch=compute_80,code=sm_80 "$place/kernels.cu" -o "$place/1.o"
nvcc $flags -gencode arch=compute_90,code=[sm_90,compute_90] "$place/other/kernels.cu" -o "$place/2.o"
nvcc $flags -gencode arch=compute_120a,code=sm_120a -gencode arch=compute_90a,code=sm_90a "$place/fp4_sm120.v2.cu" -o "$place/3.o"
nvcc $flags -gencode arch=compute_80,code=sm_80 "$place/host.cu" -o "$place/4.o"
nvcc --shared --cudart=shared -o named.so "$place"/3.o "$place"/1.o "$place"/4.o "$place"/2.o
strip --strip-unneeded -o stripped.so named.so
