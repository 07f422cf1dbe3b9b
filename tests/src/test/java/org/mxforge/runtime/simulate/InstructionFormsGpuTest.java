package org.mxforge.runtime.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.DeviceArena;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel;
import org.mxforge.tests.gpu.GpuTest;

/**
 * The simulator is a GPU, as far as emitted kernels can tell: every form of instruction that they have gives the same bits on both, on operands
 * where formats end and on random ones. Prints the list.
 */
@Tag("gpu")
class InstructionFormsGpuTest {
    /** Of what the ISA only bounds, such as {@code ex2.approx.ftz.f32}: two units in the last place. */
    private static final double BOUND = 0x1p-22;

    private final CudaContext gpu = GpuTest.context();

    @Test
    void everyFormGivesTheSameBits() {
        List<String> differing = new ArrayList<>();
        System.out.println("Instructions on " + gpu.device().name() + " and simulated:");
        try (GpuFunctions functions = new GpuFunctions(gpu)) {
            for (InstructionForm form : EmittedForms.listed()) {
                String verdict = !form.runsOn(gpu.device().target())
                        ? "not compared: for " + form.target() + " alone"
                        : FormKernel.of(form)
                                .map(kernel -> verdict(kernel, functions, differing))
                                .orElse("gives no value; compared in whole kernels");
                System.out.printf(Locale.ROOT, "%-80s %s%n", form, verdict);
            }
        }
        assertThat(differing).isEmpty();
    }

    private String verdict(FormKernel kernel, BoundedFunctions functions, List<String> differing) {
        byte[] real = run(kernel);
        boolean bounded = kernel.form().opcode().contains(".approx");
        int far = differences(SimulatedForm.run(kernel).written(), real, kernel, bounded, differing);
        int others = bounded
                ? differences(SimulatedForm.run(kernel, functions).written(), real, kernel, false, differing)
                : far;
        return far + others > 0
                ? Math.max(far, others) + " DIFFER"
                : "the same bits" + (bounded ? " with the GPU's own function; without it within 2^-22" : "");
    }

    byte[] run(FormKernel kernel) {
        byte[] image = Arrays.copyOf(
                kernel.ptx().getBytes(StandardCharsets.US_ASCII), kernel.ptx().length() + 1);
        CudaKernel loaded = gpu.load(new CompiledKernel(image, "", 0, 0, 0, 0), FormKernel.ENTRY);
        try (DeviceArena arena = new DeviceArena(gpu);
                CudaStream stream = gpu.stream()) {
            DeviceBuffer reads = arena.upload("operands", kernel.reads());
            DeviceBuffer writes = arena.upload("results", new byte[kernel.writes()]);
            KernelArguments arguments = FormKernel.arguments(reads.address(), writes.address());
            loaded.launch(stream, kernel.blocks(), 1, 1, FormKernel.THREADS, 0, arguments);
            stream.synchronize();
            byte[] written = new byte[kernel.writes()];
            writes.download(written);
            return written;
        }
    }

    private static int differences(
            byte[] simulated, byte[] real, FormKernel kernel, boolean bounded, List<String> differing) {
        ByteBuffer ours = ByteBuffer.wrap(simulated).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer theirs = ByteBuffer.wrap(real).order(ByteOrder.LITTLE_ENDIAN);
        int count = 0;
        for (int at = 0; at < simulated.length; at += Integer.BYTES) {
            int a = ours.getInt(at);
            int b = theirs.getInt(at);
            if (a != b && !(bounded && near(Float.intBitsToFloat(a), Float.intBitsToFloat(b)))) {
                if (count++ < 4) {
                    differing.add(String.format(
                            Locale.ROOT,
                            "%s, byte %d: %08x simulated, %08x on the GPU, of %s",
                            kernel.form(),
                            at,
                            a,
                            b,
                            kernel.operands(at)));
                }
            }
        }
        return count;
    }

    private static boolean near(float a, float b) {
        return Math.abs((double) a - b) <= Math.max(BOUND * Math.abs((double) a), Float.MIN_VALUE);
    }
}
