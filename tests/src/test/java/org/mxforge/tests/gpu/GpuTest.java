package org.mxforge.tests.gpu;

import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.launch.KernelStore;

/** The GPU that tests share, or the skipping of all of them. */
public final class GpuTest {
    private static Optional<CudaContext> context = Optional.empty();
    private static KernelStore kernels;
    private static String absence = "";

    private GpuTest() {}

    /** The first GPU, attached to the calling thread; without one the test ends as skipped, with the reason. */
    public static synchronized CudaContext context() {
        if (context.isEmpty() && absence.isEmpty()) {
            try {
                context = Optional.of(CudaContext.openFirst());
            } catch (MxForgeException e) {
                absence = "GPU TESTS ARE SKIPPED, nothing about the GPU was verified: " + e.getMessage();
                System.err.println(absence);
            }
        }
        Assumptions.assumeTrue(context.isPresent(), absence);
        context.orElseThrow().attach();
        return context.orElseThrow();
    }

    /** The kernels of {@link #context()}, from the user's cache. */
    public static synchronized KernelStore kernels() {
        CudaContext gpu = context();
        if (kernels == null) {
            kernels = new KernelStore(gpu, ArtifactCache.user());
        }
        return kernels;
    }
}
