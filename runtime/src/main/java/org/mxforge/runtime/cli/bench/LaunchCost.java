package org.mxforge.runtime.cli.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel;
import org.mxforge.runtime.cuda.nvrtc.Nvrtc;

/**
 * What a launch costs beside the work itself.
 *
 * @param kernel what was launched
 * @param hostMicros microseconds of the launching thread for one launch from Java, checks of the arguments included
 * @param graphMicros microseconds of GPU time for one of many such kernels in a row in a replayed graph
 */
record LaunchCost(String kernel, double hostMicros, double graphMicros) {
    private static final String EMPTY = "/org/mxforge/templates/probe/empty.cu";

    /** Below the driver's queue, so that no launch waits for the GPU to make room. */
    private static final int BATCH = 500;

    private static final int BATCHES = 20;
    private static final int WARM_UP_ROUNDS = 3;
    private static final int ROUNDS = 9;
    private static final int IN_GRAPH = 1000;
    private static final int WARP = 32;

    /** Measures an empty kernel, and a mixed GEMM of three partitions on next to nothing, for the arguments it takes. */
    public static List<LaunchCost> measure(BenchGpu gpu) {
        CudaKernel empty = empty(gpu.context());
        LaunchCost least = of("empty, 4 arguments", gpu, stream -> launch(empty, stream));
        FormatMix mix = FormatMix.parse("e2m1xe2m1:40+e3m2xe3m2:30+e4m3xe4m3:30");
        try (BenchKernel gemm = GemmWay.parse("mma", gpu.target()).setUp(gpu, mix, 1, new WeightShape(128, 384))) {
            return List.of(least, of("mixed GEMM, 18 arguments", gpu, stream -> gemm.launch(stream, 0)));
        }
    }

    private static CudaKernel empty(CudaContext gpu) {
        CompiledKernel compiled = Nvrtc.load()
                .compile("empty", source(), gpu.device().target(), gpu.device().imageKind());
        return gpu.load(compiled, "empty");
    }

    private static String source() {
        try (InputStream text = LaunchCost.class.getResourceAsStream(EMPTY)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void launch(CudaKernel empty, CudaStream stream) {
        KernelArguments arguments =
                KernelArguments.of().int32(1).float32(1).pointer(0).pointer(0);
        empty.launch(stream, 1, 1, 1, WARP, 0, arguments);
    }

    private static LaunchCost of(String name, BenchGpu gpu, Consumer<CudaStream> launch) {
        double[] micros = new double[ROUNDS];
        try (CudaStream stream = gpu.context().stream()) {
            for (int i = 0; i < WARM_UP_ROUNDS; i++) {
                round(stream, launch);
            }
            for (int i = 0; i < ROUNDS; i++) {
                micros[i] = round(stream, launch);
            }
        }
        Arrays.sort(micros);
        double graph = gpu.timer().millis(new LaunchSeries(launch, IN_GRAPH), Pace.SUSTAINED) * 1e3;
        return new LaunchCost(name, micros[ROUNDS / 2], graph);
    }

    /** Host microseconds of one launch, the mean over 10,000; the waits between batches are not counted. */
    private static double round(CudaStream stream, Consumer<CudaStream> launch) {
        long nanos = 0;
        for (int batch = 0; batch < BATCHES; batch++) {
            long start = System.nanoTime();
            for (int i = 0; i < BATCH; i++) {
                launch.accept(stream);
            }
            nanos += System.nanoTime() - start;
            stream.synchronize();
        }
        return nanos / 1e3 / (BATCHES * BATCH);
    }
}
