package org.mxforge.runtime.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mxforge.runtime.simulate.SimulatedWorkspace.normal;
import static org.mxforge.runtime.simulate.SimulatedWorkspace.variant;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.codegen.cuda.CudaEmitter;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.DenseGemmArguments;
import org.mxforge.dsl.launch.SiluMulArguments;
import org.mxforge.dsl.launch.SoftmaxArguments;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.SiluMulSpec;
import org.mxforge.dsl.spec.SoftmaxSpec;
import org.mxforge.runtime.base.MxForgeException;

/** Faults put into emitted kernels and launches: each is found, and the line of the CUDA source named. */
class PlantedFaultsTest {
    private static final int COLUMNS = 1000;

    private final SimulatedWorkspace gpu = new SimulatedWorkspace();

    @Test
    void aBarrierThatIsMissingIsARace() {
        CudaSource faulty = planted(new SoftmaxSpec(), "    __syncthreads();\n", "\n");
        Finding finding = first(softmax(faulty), Finding.Kind.RACE);
        assertThat(finding.message())
                .contains("reads byte", "of shared memory, which lane 0 of warp", "has written in CUDA line");
        assertThat(finding.message()).endsWith("and no barrier lies between");
        assertThat(line(faulty, finding)).contains("of_warp[");
    }

    @Test
    void aCopyThatNobodyWaitsForIsUnfinished() {
        CudaSource faulty = planted(dense(), "            copy_wait<STAGES - 2>();\n", "\n");
        Finding finding = first(dense(faulty), Finding.Kind.UNFINISHED);
        assertThat(finding.message()).contains("reads byte", "while an asynchronous copy fills it");
    }

    @Test
    void waitingForOneCopyTooFewIsFound() {
        CudaSource faulty = planted(dense(), "copy_wait<STAGES - 2>()", "copy_wait<STAGES - 1>()");
        assertThat(first(dense(faulty), Finding.Kind.UNFINISHED).cudaLine()).isPositive();
    }

    @Test
    void aPipelineWithoutItsBarrierIsARace() {
        CudaSource faulty = planted(
                dense(),
                "            __syncthreads();  // the tile is complete",
                "            // the tile is complete");
        assertThat(first(dense(faulty), Finding.Kind.RACE).cudaLine()).isPositive();
    }

    @Test
    void aBarrierThatSomeLanesSkipDiverges() {
        CudaSource faulty = planted(
                new SoftmaxSpec(),
                "    __syncthreads();  // an earlier reduction may still be read\n",
                "    if (threadIdx.x % 2 == 0) __syncthreads();\n");
        assertThat(first(softmax(faulty), Finding.Kind.DIVERGENT_BARRIER).message())
                .contains("only some lanes");
    }

    @Test
    void anArrayThatIsTooSmallIsNamed() {
        long x = gpu.bf16(normal(1, 128));
        long y = gpu.simulator.allocate("y", 120);
        Simulation simulation =
                gpu.simulator.launch(variant(new SiluMulSpec(OperandLayout.PLAIN)), new SiluMulArguments(1, 64, x, y));
        assertThat(first(simulation, Finding.Kind.OUT_OF_BOUNDS).message())
                .isEqualTo("lane 7 of warp 0 of block 0 accesses 16 bytes at byte 112 of array 'y', which has 120");
    }

    @Test
    void whatNobodyHasWrittenIsNotRead() {
        long x = gpu.simulator.allocate("x", 256);
        long y = gpu.simulator.allocate("y", 128);
        Simulation simulation =
                gpu.simulator.launch(variant(new SiluMulSpec(OperandLayout.PLAIN)), new SiluMulArguments(1, 64, x, y));
        assertThat(first(simulation, Finding.Kind.NEVER_WRITTEN).message())
                .contains("reads byte 0 of array 'x', which nobody has written");
    }

    @Test
    void anOddAddressIsMisaligned() {
        CudaSource faulty = planted(
                new SiluMulSpec(OperandLayout.PLAIN),
                "load_8(x + 2 * row + channel",
                "load_8(x + 1 + 2 * row + channel");
        long x = gpu.bf16(normal(1, 144));
        long y = gpu.simulator.allocate("y", 128);
        Simulation simulation = gpu.simulator.launch(faulty, new SiluMulArguments(1, 64, x, y));
        assertThat(first(simulation, Finding.Kind.MISALIGNED).message()).contains("which is no multiple of");
    }

    @Test
    void blocksThatWriteTheSameRowRace() {
        CudaSource faulty = planted(new SiluMulSpec(OperandLayout.PLAIN), "blockIdx.x", "0 * blockIdx.x");
        long x = gpu.bf16(normal(1, 256));
        Simulation simulation =
                gpu.simulator.launch(faulty, new SiluMulArguments(2, 64, x, gpu.simulator.allocate("y", 256)));
        assertThat(first(simulation, Finding.Kind.RACE).message())
                .contains("of block 1 writes", "of block 0 has written in");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "y[threadIdx.x / 2] = 1; | lane 1 of warp 0 | lane 0 of warp 0",
                "y[threadIdx.x] = 1; __syncthreads(); y[63 - threadIdx.x] = 2; | lane 0 of warp 0 | lane 31 of warp 1"
            })
    void aResultThatIsWrittenTwiceIsNamedWithBothWriters(String writes, String second, String first) {
        Simulation simulation = siluMul("    if (threadIdx.x < 64) {\n " + writes.replace("; ", ";\n") + "\n    }\n");
        Finding finding = first(simulation, Finding.Kind.WRITTEN_TWICE);
        assertThat(finding.message())
                .matches(second + " of block 0 writes byte .* of array 'y', a result, which " + first
                        + " of block 0 has written in CUDA line .* before");
        assertThat(finding.cudaLine()).isPositive();
    }

    @Test
    void atomicsAddToAResultAsOftenAsTheyLike() {
        assertThat(siluMul("    atomicAdd((unsigned*)y, 1u);\n").findings())
                .noneMatch(
                        finding -> finding.kind() == Finding.Kind.WRITTEN_TWICE || finding.kind() == Finding.Kind.RACE);
    }

    /** A kernel of other text, on one row of 64. */
    private Simulation siluMul(String body) {
        CudaSource source = CudaEmitter.emit(variant(new SiluMulSpec(OperandLayout.PLAIN)));
        String text = "extern \"C\" __global__ void " + source.entryPoint()
                + "(int rows, int columns, const unsigned short* x, unsigned short* y) {\n" + body + "}\n";
        return gpu.simulator.launch(
                new CudaSource(source.variant(), source.entryPoint(), text, source.signature(), source.sharedBytes()),
                new SiluMulArguments(1, 64, gpu.bf16(normal(1, 128)), gpu.simulator.allocate("y", 1024)));
    }

    @Test
    void anInstructionThatIsNotModelledIsNamedWithItsLine() {
        CudaSource strange =
                planted(new SoftmaxSpec(), "    __syncthreads();\n", "    asm volatile(\"nanosleep.u32 5;\");\n");
        assertThatThrownBy(() -> softmax(strange))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("'nanosleep.u32' in CUDA line")
                .hasMessageContaining("does not model");
    }

    /** One warp stores one word of shared memory and half a word of global memory in each lane. */
    @ParameterizedTest
    @CsvSource({"1, 1, 1, 2", "2, 2, 2, 4", "32, 16, 32, 32"})
    void conflictsOfBanksAndWastedSectorsAreCounted(int words, int halves, int turns, int sectors) {
        Simulation simulation = siluMul(
                """
                    __shared__ volatile float shared[1024];
                    if (threadIdx.x < 32) {
                        shared[threadIdx.x * %d] = 1.0f;
                        y[threadIdx.x * %d] = 1;
                    }
                """
                        .formatted(words, halves));
        assertThat(simulation.findings()).isEmpty();
        assertThat(simulation.sharedTurns()).isEqualTo(turns);
        assertThat(simulation.fewestSharedTurns()).isEqualTo(1);
        assertThat(simulation.sectors()).isEqualTo(sectors);
        assertThat(simulation.fewestSectors()).isEqualTo(2);
    }

    @Test
    void whereAFunctionIsCalledIsSaidToo() {
        CudaSource faulty = planted(dense(), "copy_wait<STAGES - 2>()", "copy_wait<STAGES - 1>()");
        Finding finding = first(dense(faulty), Finding.Kind.RACE);
        assertThat(finding.callers()).isNotEmpty();
        assertThat(finding.toString()).contains("CUDA line " + finding.cudaLine() + ", called in line", "(PTX line ");
        int kernel = finding.callers().get(finding.callers().size() - 1);
        assertThat(faulty.text().lines().toList().get(kernel - 1)).contains("multiply_bf16(");
    }

    private Simulation softmax(CudaSource source) {
        long x = gpu.floats(normal(1, COLUMNS));
        return gpu.simulator.launch(
                source, new SoftmaxArguments(1, COLUMNS, gpu.floats(1f), x, gpu.room(ScalarType.FP32, COLUMNS)));
    }

    private static DenseGemmSpec dense() {
        return new DenseGemmSpec(Epilogue.NONE, ScalarType.BF16);
    }

    private Simulation dense(CudaSource source) {
        return gpu.simulator.launch(
                source,
                new DenseGemmArguments(
                        16,
                        16,
                        256,
                        gpu.bf16(normal(1, 4096)),
                        gpu.bf16(normal(2, 4096)),
                        0,
                        gpu.room(ScalarType.BF16, 256)));
    }

    /** The kernel of {@code spec}, one piece of its text changed. */
    private static CudaSource planted(KernelSpec spec, String right, String wrong) {
        CudaSource source = CudaEmitter.emit(variant(spec));
        assertThat(source.text()).contains(right);
        return new CudaSource(
                source.variant(),
                source.entryPoint(),
                source.text().replace(right, wrong),
                source.signature(),
                source.sharedBytes());
    }

    private static Finding first(Simulation simulation, Finding.Kind kind) {
        List<Finding> findings = simulation.findings().stream()
                .filter(finding -> finding.kind() == kind)
                .toList();
        assertThat(findings)
                .as("findings of %s among %s", kind, simulation.findings())
                .isNotEmpty();
        return findings.get(0);
    }

    private static String line(CudaSource source, Finding finding) {
        return source.text().lines().toList().get(finding.cudaLine() - 1);
    }
}
