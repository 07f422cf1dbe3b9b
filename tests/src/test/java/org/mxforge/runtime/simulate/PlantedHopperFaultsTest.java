package org.mxforge.runtime.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mxforge.runtime.simulate.SimulatedWorkspace.normal;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.codegen.cuda.CudaEmitter;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.dsl.launch.SiluMulArguments;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.SiluMulSpec;
import org.mxforge.dsl.target.Target;

/** Faults in the pipelines of wgmma kernels: each is found. */
class PlantedHopperFaultsTest {
    private final SimulatedWorkspace gpu = new SimulatedWorkspace();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "copies into stages that are still filled | barrier_wait(ring.empty_barrier(), ring.parity ^ 1); | |"
                        + " UNFINISHED",
                "reads stages that are not full | barrier_wait(ring.full_barrier(), ring.parity); | | UNFINISHED",
                "promises too few bytes | (second ? TOKEN_BYTES : min(TOKEN_BYTES, 16384)) + WEIGHT_BYTES); "
                        + "| WEIGHT_BYTES); | UNFINISHED",
                "promises too many bytes | + WEIGHT_BYTES); | + WEIGHT_BYTES + 16); | DIVERGENT_BARRIER",
                "does not wait for products | wgmma_wait<0>(part); | | UNFINISHED",
            })
    void inTheRingOfStages(String what, String right, String wrong, Finding.Kind kind) {
        assertThat(ring(right, wrong == null ? "" : wrong))
                .as(what)
                .anyMatch(finding -> finding.kind() == kind && finding.cudaLine() > 0);
    }

    @Test
    void lettingGoOfStagesBeforeTheProductsAreDoneIsARace() {
        String wait = "            wgmma_wait<0>(part);\n";
        String sum = "            #pragma unroll\n"
                + "            for (int i = 0; i < WAVE / 2; ++i) {\n"
                + "                sums[wave";
        assertThat(ring(wait, "", sum, wait + sum))
                .anyMatch(finding -> finding.kind() == Finding.Kind.RACE
                        && finding.message().contains("lanes of warp 4 of block 0 have read in CUDA line"));
    }

    @Test
    void aBlockThatEndsBeforeOthersHaveReadItsSumsIsARace() {
        String barrier = "    cluster_barrier();  // no block ends while others read its sums\n";
        assertThat(product("bm=128,bn=128,promote=128,split=2", barrier, ""))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message())
                        .startsWith(
                                "block 0 ends while others use its shared memory: lane 0 of warp 4 of block 1 has read in"
                                        + " CUDA line")
                        .endsWith("and no barrier of the cluster lies between"));
        assertThat(product("bm=128,bn=128,promote=128,split=2", barrier, barrier))
                .isEmpty();
    }

    private List<Finding> ring(String... replaced) {
        return product("bm=256,bn=128,promote=128,split=1", replaced);
    }

    /** What is found in a product over more channels than there are stages, some pieces of its text replaced by others. */
    private List<Finding> product(String configuration, String... replaced) {
        ChannelSplit split = ChannelSplit.uniform(FormatPair.parse("e2m3xe2m3"), 768);
        KernelVariant variant = HopperGemmSimulationTest.variant(split, "wgmma_containers", configuration);
        CudaSource source = CudaEmitter.emit(variant);
        String text = source.text();
        for (int i = 0; i < replaced.length; i += 2) {
            assertThat(text).contains(replaced[i]);
            text = text.replace(replaced[i], replaced[i + 1]);
        }
        return gpu.simulator
                .launch(with(source, text), HopperGemmSimulationTest.sparse(gpu, variant, split, 9, 77))
                .findings();
    }

    /** Zeros that instructions write into shared memory, multiplied by a tensor core. */
    private static final String OWN =
            """
            extern "C" __global__ void __launch_bounds__(128) silumul_plain_rows(
                int rows, int columns, const unsigned short* x, unsigned short* y) {
                __shared__ __align__(1024) unsigned char tile[9216];
                for (int i = threadIdx.x; i < 9216; i += 128) {
                    tile[i] = 0;
                }
                $FENCE$
                __syncthreads();
                const unsigned at = (unsigned)__cvta_generic_to_shared(tile);
                const unsigned long long a = 0x4000004000000000ull | (at >> 4);
                const unsigned long long b = 0x4000004000000000ull | (at + 8192 >> 4);
                float sums[4];
                asm volatile("wgmma.fence.sync.aligned;");
                asm volatile(
                    "{ .reg .pred p; setp.ne.b32 p, 0, 0;"
                    "wgmma.mma_async.sync.aligned.m64n8k32.f32.e4m3.e4m3 {%0, %1, %2, %3}, %4, %5, p, 1, 1; }"
                    : "=f"(sums[0]), "=f"(sums[1]), "=f"(sums[2]), "=f"(sums[3])
                    : "l"(a), "l"(b));
                asm volatile("wgmma.commit_group.sync.aligned;");
                asm volatile("wgmma.wait_group.sync.aligned 0;" : "+f"(sums[0]));
                y[threadIdx.x] = (unsigned short)sums[0];
            }
            """;

    @Test
    void aMissingProxyFenceIsNamedWithItsLine() {
        List<Finding> findings = own("");
        assertThat(findings).isNotEmpty().allMatch(finding -> finding.kind() == Finding.Kind.MISSING_FENCE);
        assertThat(OWN.lines().toList().get(findings.get(0).cudaLine() - 1)).contains("\"l\"(a), \"l\"(b)");
        assertThat(own("asm volatile(\"fence.proxy.async.shared::cta;\" ::: \"memory\");"))
                .isEmpty();
    }

    /** A kernel may begin before those in front of it are done: what it reads without waiting for them may not be there yet. */
    @Test
    void readingBeforeTheKernelsBeforeAreAwaitedIsFound() {
        ChannelSplit split = ChannelSplit.uniform(FormatPair.parse("e2m1xe2m1"), 256);
        KernelVariant variant = HopperGemmSimulationTest.variant(split, "stream_fragments", "bm=8,bn=16,warps=4");
        CudaSource source = CudaEmitter.emit(variant);
        assertThat(source.awaitsKernelsBefore()).isTrue();
        String wait = "    await_kernels_before();\n";
        String products = "    copy_wait<0>();\n    __syncthreads();  // the sums";
        assertThat(source.text()).contains(wait, products);
        String late = source.text().replace(wait, "").replace(products, wait + products);
        assertThat(gpu.simulator
                        .launch(with(source, late), HopperGemmSimulationTest.sparse(gpu, variant, split, 9, 48))
                        .findings())
                .isNotEmpty()
                .allMatch(finding -> finding.kind() == Finding.Kind.EARLY && finding.cudaLine() > 0);
    }

    private List<Finding> own(String fence) {
        KernelSpec spec = new SiluMulSpec(OperandLayout.PLAIN);
        CudaSource source = CudaEmitter.emit(KernelVariant.of(
                spec,
                KernelVariant.of(spec, Target.SM_90A).algorithm(),
                Target.SM_90A,
                Configuration.parse("threads=128")));
        long x = gpu.bf16(normal(1, 256));
        return gpu.simulator
                .launch(
                        with(source, OWN.replace("$FENCE$", fence)),
                        new SiluMulArguments(1, 128, x, gpu.simulator.allocate("y", 256)))
                .findings();
    }

    private static CudaSource with(CudaSource source, String text) {
        return new CudaSource(source.variant(), source.entryPoint(), text, source.signature(), source.sharedBytes());
    }
}
