#!/bin/sh
# Links ebpm's prebuilt addon anew from the objects beside this script: put another libelf.a, libbpf.a or libz.a here first to
# have that one inside. Needs g++.
#
#   sh relink.sh OUTPUT.node
#
# libbpf keeps a pointer into the addon for the life of the process, so it must never be unmapped (nodelete).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
exec g++ -shared -s -o "$1" "$here"/objects/*.o "$here/libbpf.a" "$here/libelf.a" "$here/libeu.a" "$here/libz.a" \
  -static-libstdc++ -static-libgcc -Wl,-soname=ebpm_loader.node -Wl,-z,nodelete -Wl,-z,relro -Wl,-z,now \
  -Wl,--exclude-libs,ALL -Wl,--gc-sections
