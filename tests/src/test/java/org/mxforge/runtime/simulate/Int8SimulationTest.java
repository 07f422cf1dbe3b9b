package org.mxforge.runtime.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mxforge.runtime.simulate.SimulatedWorkspace.variant;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.mxforge.codegen.kernel.gemm.Int8GemmCase;
import org.mxforge.codegen.kernel.gemm.Int8GemmKind;
import org.mxforge.codegen.kernel.row.Int8QuantizeCase;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.Int8GemmSpec;
import org.mxforge.dsl.spec.Int8QuantizeSpec;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.target.Target;

/** INT8 kernels in the simulator: bit for bit what their sums and scales come to. */
class Int8SimulationTest {
    private final SimulatedWorkspace gpu = new SimulatedWorkspace();

    @ParameterizedTest
    @CsvSource({
        "NONE, BF16, 7, 77, 48",
        "BIAS, FP32, 130, 33, 208",
        "RESIDUAL, FP32, 1, 130, 16",
        "RESIDUAL, BF16, 40, 8, 272"
    })
    void sumsAreExact(Epilogue epilogue, ScalarType output, int m, int n, int k) {
        Int8GemmSpec spec = new Int8GemmSpec(epilogue, output);
        assertRight(spec, Int8GemmKind.MMA, m, n, k);
        assertRight(spec, Int8GemmKind.FEW, m, n, k);
        assertRight(spec, Int8GemmKind.WGMMA, m, n, k);
    }

    /** Those that a tiling can be: one warp and eight, the most sums of a thread, the deepest stages, the lowest tile on wgmma. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "few | bk=128,bm=16,bn=16,stages=3,wm=1,wn=1 | SM_80",
                "few | bk=64,bm=32,bn=64,stages=4,wm=1,wn=4 | SM_80",
                "mma | bk=64,bm=128,bn=128,stages=3,wm=2,wn=2 | SM_80",
                "mma | bk=64,bm=64,bn=128,stages=3,wm=2,wn=4 | SM_80",
                "wgmma | bm=64,bn=128,promote=0,split=1 | SM_90A",
                "wgmma | bm=128,bn=128,promote=0,split=1 | SM_90A"
            })
    void tilesOfEachShapeAreRight(String algorithm, String tiling, Target target) {
        Int8GemmSpec spec = new Int8GemmSpec(Epilogue.RESIDUAL, ScalarType.FP32);
        KernelVariant variant =
                KernelVariant.of(spec, KernelKinds.algorithm(spec, algorithm), target, Configuration.parse(tiling));
        assertThat(variant.algorithm().space(spec, target).contains(variant.configuration()))
                .as("worth trying")
                .isTrue();
        assertRight(variant, 150, 140, 336);
        assertRight(variant, 1, 130, 16);
    }

    private void assertRight(Int8GemmSpec spec, Algorithm<Int8GemmSpec> algorithm, int m, int n, int k) {
        Target target = algorithm == Int8GemmKind.WGMMA ? Target.SM_90A : Target.SM_80;
        assertRight(KernelVariant.of(spec, algorithm, target), m, n, k);
    }

    private void assertRight(KernelVariant variant, int m, int n, int k) {
        Int8GemmSpec spec = (Int8GemmSpec) variant.spec();
        Int8GemmCase given = new Int8GemmCase(spec, m, n, k);
        long d = gpu.room(spec.output(), given.results());
        gpu.launch(variant, given.arguments(gpu::ints, gpu::upload, d));
        assertThat(gpu.read(spec.output(), d)).isEqualTo(given.expected());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RMSNORM_CENTRED")
    void rowsHaveScalesOfTheirOwn(Prologue prologue) {
        ScalarType source = prologue == Prologue.RMSNORM ? ScalarType.FP32 : ScalarType.BF16;
        Int8QuantizeSpec spec = new Int8QuantizeSpec(prologue, source);
        Int8QuantizeCase given = new Int8QuantizeCase(spec, 4, 528);
        long codes = gpu.ints(new int[given.bytes() / Integer.BYTES]);
        long scales = gpu.room(ScalarType.FP32, given.scales());
        gpu.launch(variant(spec), given.arguments(gpu::upload, codes, scales));
        ByteBuffer bytes = ByteBuffer.allocate(given.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(gpu.readInts(codes));
        given.check(bytes.array(), gpu.read(ScalarType.FP32, scales));
    }
}
