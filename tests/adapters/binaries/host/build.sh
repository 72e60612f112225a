#!/bin/sh
# Builds the small shared objects whose host side tests read. They are read, never loaded. Needs gcc and g++ on x86-64.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
link="-shared -fPIC -O1 -nostartfiles -Wl,-z,noseparate-code,--build-id=none -Wl,--hash-style=gnu"

build() {
  name=$1
  shift
  # shellcheck disable=SC2086  the flags are words
  g++ $link "$@" -o "$work/$name"
  strip "$work/$name"
  cp "$work/$name" "$name"
}

# Libraries with the names of others, so that they are named as needed without being there.
stub() { echo "" | g++ -x c++ -shared -nostdlib -Wl,-soname,"$1" - -o "$work/$1"; }
for library in libtorch.so libc10.so libcudart.so.12 libcublas.so.13 libstranger.so; do stub "$library"; done

for abi in 0 1; do
  build "strings-abi$abi.so" strings.cpp -D_GLIBCXX_USE_CXX11_ABI=$abi -Wl,--no-as-needed "$work/libtorch.so" "$work/libc10.so"
  build "provider-abi$abi.so" provider.cpp -D_GLIBCXX_USE_CXX11_ABI=$abi
done
build caller.so caller.cpp -Wl,--no-as-needed "$work/libtorch.so" "$work/libcudart.so.12"
build caller-of-stranger.so caller.cpp -Wl,--no-as-needed "$work/libstranger.so"
build sibling.so sibling.cpp
build two-runtimes.so sibling.cpp -Wl,--no-as-needed "$work/libcudart.so.12" "$work/libcublas.so.13" \
  -Wl,--enable-new-dtags,-rpath,/tmp/pip-build-env-x/lib:'$ORIGIN/../lib'
build module.abi3.so module.cpp
build module.cpython-312-x86_64-linux-gnu.so module.cpp
build torch-module.so module.cpp -Wl,--no-as-needed "$work/libtorch.so" "$work/libc10.so" -Wl,--enable-new-dtags,-rpath,'$ORIGIN/lib'
build versions.so versions.cpp
build entry-one.so entry.cpp -DCOMPILE_TIME
build entry-both.so entry.cpp
build entry-no-plt.so entry.cpp -DCOMPILE_TIME -fno-plt
build entry-hidden.so entry.cpp -fvisibility-inlines-hidden -Wl,-Bsymbolic
