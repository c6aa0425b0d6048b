#!/usr/bin/env bash
# Compiles src/main/cuda/*.cu to the PTX that the module ships. Needs nvcc 12 or newer; users need none of it.
#   build-ptx.sh [FOLDER]    writes NAME.ptx for each NAME.cu into FOLDER (default: where the sources keep them)
# The PTX is for compute capability 8.0. nvcc writes its own newest PTX version into the header, which older drivers
# refuse although nothing in the body needs it; 8.0 is what every driver for CUDA 12 accepts. Lines keep their source
# position, without the folder and without the names of inlined functions, which would triple the files.
set -euo pipefail
cd "$(dirname "$0")"
out=${1:-src/main/resources/org/cosmosj/cuda/ptx}
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
build=$(nvcc --version | tail -n 1)

for source in src/main/cuda/*.cu; do
    name=$(basename "$source" .cu)
    hash=$(cat "$source" src/main/cuda/*.cuh build-ptx.sh | sha256sum | cut -d ' ' -f 1)
    # No contraction: a product is fused with a sum where the source says so, hence the same bits everywhere.
    (cd src/main/cuda && nvcc -ptx -lineinfo -fmad=false -std=c++17 -arch=compute_80 "$name.cu" -o "$work/$name.ptx")
    {
        echo "// Made by build-ptx.sh from $name.cu; do not edit."
        echo "// src-sha256: $hash"
        echo "// nvcc: $build"
        sed -E -e '/^\/\//d' -e 's/^\.version .*/.version 8.0/' -e 's/(^\s*\.file\s+[0-9]+ ")[^"]*\//\1/' \
            -e 's/, function_name .*//' -e '/^\s*\.section\s/,/^\s*\}/d' "$work/$name.ptx" | cat -s
    } >"$out/$name.ptx"
done
