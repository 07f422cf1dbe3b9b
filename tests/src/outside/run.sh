#!/usr/bin/env bash
# run.sh OUT [MAVEN OPTION...]: does what .github/KERNELS.md tells its reader, in a project that knows nothing of this tree: its artefacts
# are installed in a local repository of their own, and found there offline. OUT is a folder that does not exist yet.
set -euo pipefail
tests=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
out=$1
shift
mkdir -p "$out/project/src/main"
out=$(cd "$out" && pwd)

# The user's repository under another name, its files shared, so that nothing of this stays in it; what an earlier install left is not there.
user=${MAVEN_REPOSITORY:-$HOME/.m2/repository}
cp -al "$user" "$out/repository" 2>/dev/null || cp -a "$user" "$out/repository"
rm -rf "$out/repository/org/mxforge"
mvn=(mvn -B -q -Dmaven.repo.local="$out/repository")
"${mvn[@]}" "$@" -f "$tests/.." -DskipTests install

cd "$out/project"
cp "$tests/src/outside/pom.xml" "$tests/src/outside/launch.py" .
for kind in java resources; do
    mkdir -p "src/main/$kind/com/example"
    cp -r "$tests/src/test/$kind/com/example/guide" "src/main/$kind/com/example/"
done
cp -r "$tests/src/test/resources/META-INF" src/main/resources/
mkdir -p src/test/java/com/example
cp -r "$tests/src/test/java/com/example/verify" src/test/java/com/example/
"${mvn[@]}" -o compile
export MXFORGE_CACHE=$out/cache
mxforge=(java -cp "target/classes:$(cat target/classpath)")

"${mxforge[@]}" com.example.guide.OwnTile sm_90a product
(cd product && sha256sum --quiet -c SHA256SUMS)
"${mxforge[@]}" org.mxforge.runtime.cli.MxForge kernels simulate 'groupmax/v1;group=32' --size m=5,k=256
"${mxforge[@]}" org.mxforge.runtime.cli.MxForge kernels check 'groupmax/v1;group=32' --cases 5
"${mvn[@]}" -o test
"${mxforge[@]}" org.mxforge.runtime.cli.MxForge kernels compile --target sm_90a 'groupmax/v1;group=32' --out groupmax
if nvidia-smi -L >/dev/null 2>&1; then
    python3 launch.py product
    "${mxforge[@]}" org.mxforge.runtime.cli.MxForge tune --spec 'groupmax/v1;group=32' --shape m4096,k4096
else
    echo "there is no GPU: nothing was launched on one"
fi
