package org.mxforge.runtime.tune.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;
import org.mxforge.codegen.cuda.ClockProbe;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaDevice;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.DeviceArena;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.nvrtc.Nvrtc;

/** Tells the clock that a GPU's multiprocessors run at, right after the work before it on a stream. */
final class ClockMeter {
    private static final int KILO = 1000;

    private final CudaKernel kernel;

    /** Compiles and loads the probe. */
    ClockMeter(CudaContext gpu) {
        CudaDevice device = gpu.device();
        ClockProbe probe = ClockProbe.STANDARD;
        kernel = gpu.load(
                Nvrtc.load().compile(probe.name(), probe.text(), device.target(), device.imageKind()), probe.name());
    }

    /** A reading that can be taken on a stream, its result in memory of {@code memory}. */
    Reading reading(DeviceArena memory) {
        return new Reading(kernel, memory.allocate("a reading of the clock", 2L * Long.BYTES));
    }

    /** One reading. */
    record Reading(CudaKernel kernel, DeviceBuffer result) {
        /** Asks for it, after what {@code stream} does now. */
        void take(CudaStream stream) {
            kernel.launch(stream, 1, 1, 1, 1, 0, KernelArguments.of().pointer(result.address()));
        }

        /** The clock in MHz, once it was taken; empty if the timer stood still. */
        OptionalInt megahertz() {
            byte[] bytes = new byte[2 * Long.BYTES];
            result.download(bytes);
            ByteBuffer values = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            long cycles = values.getLong();
            long nanoseconds = values.getLong();
            long clock = nanoseconds > 0 ? cycles * KILO / nanoseconds : 0;
            return clock > 0 ? OptionalInt.of(Math.toIntExact(clock)) : OptionalInt.empty();
        }
    }
}
