package org.mxforge.runtime.tune.worker;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.files.InputFile;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.tune.device.CudaTuningDevice;

/**
 * The program of a worker: serves trials on the first GPU until its standard input ends. Its arguments are pairs of a variant and the file of
 * the cubin that is loaded for it, in place of what is compiled here.
 */
final class GpuWorker {
    private static final long MOST_BYTES = 256L << 20;

    private GpuWorker() {}

    public static void main(String[] arguments) throws IOException {
        OutputStream answers = new FileOutputStream(FileDescriptor.out);
        // Whatever a library prints must not come between the answers.
        System.setOut(System.err);
        try {
            CudaContext gpu = CudaContext.openFirst();
            try (KernelStore kernels = new KernelStore(gpu, ArtifactCache.user(), images(arguments))) {
                new TrialServer(new CudaTuningDevice(gpu, kernels)).serve(System.in, answers);
            }
        } catch (MxForgeException e) {
            TrialServer.fail(answers, e);
        }
        // A spoiled context cannot be closed in order; the process's end takes it.
        System.exit(0);
    }

    /** The arguments that {@link #images(Map)} made. */
    private static Map<KernelVariant, byte[]> images(String... arguments) {
        Map<KernelVariant, byte[]> images = new HashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            images.put(
                    KernelVariant.parse(arguments[i]),
                    new InputFile("cubin", Path.of(arguments[i + 1])).bytes(MOST_BYTES));
        }
        return images;
    }

    static String[] images(Map<KernelVariant, Path> cubins) {
        return cubins.entrySet().stream()
                .flatMap(cubin ->
                        Stream.of(cubin.getKey().text(), cubin.getValue().toString()))
                .toArray(String[]::new);
    }
}
