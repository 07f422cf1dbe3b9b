#!/usr/bin/env bash
# run.sh OUT: tunes and exports kernels on an H100 or H200, and proves that C++ and torch programs get by with them: the oracle's bits, and
# the time of 'bench gemm'. OUT is a folder that does not exist yet. MXFORGE is the command, TEST_CLASSES the class path with
# org.mxforge.runtime.ExportCases; nvcc, g++ and a Python with torch are expected, cmake is used where it is.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$1
mkdir "$out"
names="e3m2 e4m3xe2m1 mxfp4 split"
pairs="e3m2xe3m2 e4m3xe2m1 e2m1xe2m1 e2m1xe2m1+e3m2xe3m2+e4m3xe4m3"
words=()
for pair in $pairs; do
    k=4096
    tolerance=exact
    [[ $pair == *+* ]] && k=2816+896+384 tolerance=within4
    formats=$(sed -E 's/x[a-z0-9]+//g' <<<"$pair")
    gemm="mxgemm/v2;pairs=$pair;groups=g32;epilogue=none;out=bf16;tolerance=$tolerance"
    quantize="mxquantize/v2;side=activation;formats=$formats;rule=ceil;groups=g32;prologue=none;in=bf16;tolerance=$tolerance"
    # Activations are written as the product reads them: in containers where weights are fragments.
    algorithm=containers
    [[ $pair == e4m3xe2m1 ]] && algorithm=tiled
    for m in 16 2048; do
        ${MXFORGE:-mxforge} tune --quick --spec "$gemm" --shape "m$m,n4096,k$k"
        words+=(--spec "$gemm" --shape "m$m,n4096,k$k" --spec "$quantize" --shape "m$m,k$k" --algorithm "$algorithm")
    done
done
${MXFORGE:-mxforge} kernels export --target sm_90a "${words[@]}" --out "$out/kernels"
${MXFORGE:-mxforge} kernels export --target sm_90a "${words[@]}" --out "$out/again" >/dev/null
diff -r "$out/kernels" "$out/again" && echo "exported twice: identical"
${MXFORGE:-mxforge} kernels verify "$out/kernels"
java -cp "$TEST_CLASSES" org.mxforge.runtime.ExportCases "$out/kernels" "$out/cases"
if command -v cmake >/dev/null; then
    cmake -S "$here" -B "$out/build" -DKERNELS="$(realpath "$out/kernels")" >/dev/null && cmake --build "$out/build"
else
    mkdir "$out/build"
    cuda=$(dirname "$(dirname "$(readlink -f "$(command -v nvcc)")")")
    g++ -std=c++11 -O2 -I "$cuda/include" -I "$out/kernels/include" "$here/proof.cpp" -o "$out/build/proof" -l:libcuda.so.1
fi
"$out/build/proof" "$out/kernels" "$out/cases" $names
# What nvcc makes of the sources gives the same bits.
cp -r "$out/kernels" "$out/by_nvcc"
for source in "$out"/by_nvcc/kernels/*.cu; do
    nvcc -arch=sm_90a -std=c++17 -cubin "$source" -o "${source%.cu}.cubin" 2>/dev/null
done
echo "compiled by $(nvcc --version | tail -1):"
"$out/build/proof" "$out/by_nvcc" "$out/cases" $names
${MXFORGE:-mxforge} bench gemm --ms 16,2048 --nks 4096x4096 --tune quick --csv "$out/bench.csv" \
    --variants mma,expand_wgmma,stream_fragments,wgmma_fragments,wgmma_fragments_promoted \
    --pairs e3m2xe3m2,e4m3xe2m1,e2m1xe2m1,e2m1xe2m1:70+e3m2xe3m2:20+e4m3xe4m3:10
python3 "$here/proof.py" "$out/kernels" "$out/cases" $names --bench "$out/bench.csv"
