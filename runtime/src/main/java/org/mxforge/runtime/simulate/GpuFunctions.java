package org.mxforge.runtime.simulate;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel;

/** The functions of a GPU: asked of it once for each number. */
final class GpuFunctions implements BoundedFunctions, AutoCloseable {
    /** The driver wants a zero at the end. */
    private static final String KERNEL =
            """
            .version 8.0
            .target sm_80
            .address_size 64
            .visible .entry evaluate(.param .u64 number)
            {
            .reg .b32 %x;
            .reg .b64 %at;
            ld.param.u64 %at, [number];
            ld.global.b32 %x, [%at];
            FUNCTION %x, %x;
            st.global.b32 [%at], %x;
            ret;
            }
            \0""";

    private final CudaContext gpu;
    private final CudaStream stream;
    private final DeviceBuffer number;

    GpuFunctions(CudaContext gpu) {
        this.gpu = gpu;
        this.stream = gpu.stream();
        this.number = gpu.allocate("a number", Integer.BYTES);
    }

    @Override
    public LongUnaryOperator of(String opcode, LongUnaryOperator exact) {
        byte[] image = KERNEL.replace("FUNCTION", opcode).getBytes(StandardCharsets.US_ASCII);
        CudaKernel kernel = gpu.load(new CompiledKernel(image, "", 0, 0, 0, 0), "evaluate");
        Map<Long, Long> known = new HashMap<>();
        return a -> known.computeIfAbsent(a, x -> evaluate(kernel, x));
    }

    private long evaluate(CudaKernel kernel, long a) {
        int[] bits = {(int) a};
        number.upload(bits);
        kernel.launch(stream, 1, 1, 1, 1, 0, KernelArguments.of().pointer(number.address()));
        stream.synchronize();
        number.download(bits);
        return Integer.toUnsignedLong(bits[0]);
    }

    @Override
    public void close() {
        number.close();
        stream.close();
    }
}
