package org.mxforge.runtime.simulate;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.codegen.cuda.CudaEmitter;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.dsl.launch.SiluMulArguments;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.SiluMulSpec;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.simulate.ptx.PtxKernel;
import org.mxforge.runtime.simulate.ptx.PtxParser;

/** What the simulator cannot run, it refuses in one sentence: what, where, and what to do. */
class RefusedLaunchesTest {
    private static final PtxKernel KERNEL = PtxParser.parse(
            """
            .version 8.8
            .target sm_90a
            .address_size 64
            .visible .entry own()
            .maxntid 128, 1, 1
            .reqnctapercluster 2, 1, 1
            {
            ret;
            }
            """);

    private static void refused(ThrowingCallable call, String... words) {
        assertThatThrownBy(call)
                .isInstanceOf(MxForgeException.class)
                .hasMessageEndingWith(".")
                .message()
                .contains(words)
                .doesNotContain("\n");
    }

    @Test
    void ptxOfAnotherVersion() {
        refused(() -> PtxParser.parse(".version 9.0\n.target sm_90a\n"), "version 9.0", "reads version 8.x");
        refused(() -> PtxParser.parse("no PTX"), "'no' is not modelled", "line 1");
        refused(() -> PtxParser.parse(".version 8.8\n"), "has no kernel");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 1 | 128 | 0 | a grid of 0 x 1 x 1 blocks",
                "65536 | 65536 | 128 | 0 | a grid of 65536 x 65536 x 1 blocks",
                "3 | 1 | 128 | 0 | 3 blocks, which are no whole clusters of 2",
                "2 | 1 | 256 | 0 | blocks of 256 threads: it is compiled for at most 128",
                "2 | 1 | 128 | 232449 | 232449 bytes of shared memory a block: there are 232448"
            })
    void aLaunchThatTheKernelCannotTake(int gridX, int gridY, int threads, int sharedBytes, String words) {
        refused(
                () -> new LaunchShape(gridX, gridY, 1, threads, sharedBytes).check(KERNEL, 232448),
                "Kernel own cannot be launched with " + words);
    }

    @Test
    void aKernelThatDoesNotEnd() {
        Simulator simulator = new Simulator(ArtifactCache.user(), 10_000);
        CudaSource source = CudaEmitter.emit(SimulatedWorkspace.variant(new SiluMulSpec(OperandLayout.PLAIN)));
        String text = source.text();
        int body = text.indexOf('{', text.indexOf("extern \"C\"")) + 1;
        String spinning =
                text.substring(0, body) + "\n    while (*(volatile int*)x >= 0) {\n    }" + text.substring(body);
        int line = (int) text.substring(0, body).lines().count() + 1;
        CudaSource faulty = new CudaSource(
                source.variant(), source.entryPoint(), spinning, source.signature(), source.sharedBytes());
        long x = simulator.upload("x", new byte[256]);
        refused(
                () -> simulator.launch(faulty, new SiluMulArguments(1, 64, x, simulator.allocate("y", 128))),
                "has not ended after 10000 instructions",
                "of block 0 goes round PTX lines",
                "CUDA line " + line + ";");
    }

    @Test
    void memoryBeyondTheLimit() {
        Simulator simulator = new Simulator(ArtifactCache.user());
        simulator.allocate("a", 200 << 20);
        refused(() -> simulator.allocate("b", 100 << 20), "memory for 256 MiB", "'b' is too much", "smaller problem");
    }

    @Test
    void argumentsOfAnotherKernel() {
        refused(
                () -> Parameters.of(
                        KERNEL,
                        org.mxforge.runtime.cuda.driver.KernelArguments.of().int32(1)),
                "Kernel own takes 0 arguments, not 1");
    }
}
