#!/bin/sh
# Builds the small programs and shared objects whose loading the tests work out, and hold against the real loader.
# Those with names of CUDA, torch and C++ hold nothing but the names. Needs gcc on x86-64.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
common="-nostdlib -O1 -s -Wl,-z,noseparate-code,-z,norelro,--build-id=none,--hash-style=gnu,--no-as-needed -fno-asynchronous-unwind-tables"
echo 'void _start(void) { for (;;) ; }' > "$work/program.c"
: > "$work/empty.c"

# library FILE SONAME [flags and libraries]: links a shared object and keeps it under both names.
library() {
  file=$1 soname=$2
  shift 2
  # shellcheck disable=SC2086  the flags are words
  gcc -shared -fPIC $common -Wl,-soname,"$soname" -o "$file" "$@"
  cp "$file" "$work/$soname"
}
# with VERSION…: source and version script of a library that offers these versions of one function each.
with() {
  : > "$work/versions.c"
  : > "$work/versions.map"
  for version in "$@"; do
    name=$(echo "$version" | tr '.' '_')
    echo "void of_$name(void) {}" >> "$work/versions.c"
    echo "$version { global: of_$name; };" >> "$work/versions.map"
  done
}
old="-Wl,--disable-new-dtags,-rpath"
new="-Wl,--enable-new-dtags,-rpath"
e="$work/empty.c"

library libb.so.1 libb.so.1 "$e"
library liba.so.1 liba.so.1 "$e" "$work/libb.so.1"
library liba-runpath.so.1 liba.so.1 "$e" "$work/libb.so.1" "$new,\$ORIGIN/deep"
library liba-rpath.so.1 liba.so.1 "$e" "$work/libb.so.1" "$old,\${ORIGIN}/deep"
program() { name=$1; shift; gcc -fPIE -pie $common -o "$name" "$work/program.c" "$@"; }
program main-plain "$work/liba.so.1" -Wl,-rpath-link,"$work"
program main-rpath "$work/liba.so.1" -Wl,-rpath-link,"$work" "$old,\$ORIGIN/libs"
program main-runpath "$work/liba.so.1" -Wl,-rpath-link,"$work" "$new,\$ORIGIN/libs"
program main-lib "$work/liba.so.1" -Wl,-rpath-link,"$work" "$old,\$ORIGIN/\$LIB:\$ORIGIN/libs"
program python "$old,\$ORIGIN/../lib"
program python-musl -Wl,--dynamic-linker=/lib/ld-musl-x86_64.so.1
program python-nix -Wl,--dynamic-linker=/nix/store/glibc/lib/ld-linux-x86-64.so.2

with GLIBCXX_3.4.30
library libstdcxx-old.so libstdc++.so.6 "$work/versions.c" -Wl,--version-script="$work/versions.map"
with GLIBCXX_3.4.30 GLIBCXX_3.4.32
library libstdcxx-new.so libstdc++.so.6 "$work/versions.c" -Wl,--version-script="$work/versions.map"
echo 'void of_GLIBCXX_3_4_32(void); void use(void) { of_GLIBCXX_3_4_32(); }' > "$work/use.c"
library wants-new-libstdcxx.so extension.so "$work/use.c" "$work/libstdc++.so.6"

library libcudart-12.so libcudart.so.12 "$e"
library libcudart-13.so libcudart.so.13 "$e"
echo 'void __nvJitLinkComplete_12_4(void) {}' > "$work/jit.c"
library libnvJitLink-12.4.so libnvJitLink.so.12 "$work/jit.c"
echo 'void __nvJitLinkComplete_12_4(void); void sparse(void) { __nvJitLinkComplete_12_4(); }' > "$work/sparse.c"
library libcusparse.so libcusparse.so.12 "$work/sparse.c" "$work/libnvJitLink.so.12"
echo 'void __nvJitLinkComplete_12_1(void) {}' > "$work/jit.c"
library libnvJitLink-12.1.so libnvJitLink.so.12 "$work/jit.c"

pip='$ORIGIN/../../nvidia/cuda_runtime/lib:$ORIGIN/../../nvidia/cusparse/lib:$ORIGIN'
library libtorch_global_deps.so libtorch_global_deps.so "$e" "$work/libcudart.so.12" "$old,$pip"
library libtorch_bare_deps.so libtorch_global_deps.so "$e" "$work/libcudart.so.12"
library libtorch_python.so libtorch_python.so "$e" "$work/libcudart.so.12" "$old,$pip"
library torch-module.so _C.so "$e" "$work/libtorch_python.so" "$old,\$ORIGIN/lib"
library extension-12.so extension.so "$e" "$work/libtorch_python.so" "$work/libcudart.so.12"
library extension-13.so extension.so "$e" "$work/libtorch_python.so" "$work/libcudart.so.13" "$new,\$ORIGIN/../nvidia/cu13/lib"
gcc -shared -fPIC $common -Wl,-soname,libcudart.faf08d9a.so.12 -o "$work/libcudart.faf08d9a.so.12" "$e"
library extension-copy.so extension.so "$e" "$work/libcudart.faf08d9a.so.12"
library extension-sparse.so extension.so "$e" "$work/libcusparse.so.12"
