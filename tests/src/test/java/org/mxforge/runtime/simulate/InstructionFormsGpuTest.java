package org.mxforge.runtime.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
    /** Of {@code ex2.approx.ftz.f32} and {@code rsqrt.approx.ftz.f32}, which the ISA only bounds: two units in the last place. */
    private static final double BOUND = 0x1p-22;

    private final CudaContext gpu = GpuTest.context();

    @Test
    void everyFormGivesTheSameBits() {
        List<String> differing = new ArrayList<>();
        System.out.println("Instructions on " + gpu.device().name() + " and simulated:");
        for (InstructionForm form : EmittedForms.listed()) {
            Optional<FormKernel> kernel = FormKernel.of(form);
            if (kernel.isEmpty()) {
                print(form, "gives no value; compared in whole kernels");
                continue;
            }
            byte[] simulated = SimulatedForm.run(kernel.get()).written();
            byte[] real = run(kernel.get());
            boolean bounded = form.opcode().contains(".approx");
            int count = differences(simulated, real, kernel.get(), bounded, differing);
            print(
                    form,
                    count > 0 ? count + " DIFFER" : bounded ? "within 2^-22, as the ISA bounds it" : "the same bits");
        }
        assertThat(differing).isEmpty();
    }

    private static void print(InstructionForm form, String verdict) {
        System.out.printf(Locale.ROOT, "%-80s %s%n", form, verdict);
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
        return Math.abs((double) a - b) <= BOUND * Math.abs((double) a);
    }
}
