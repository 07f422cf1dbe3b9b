package org.mxforge.runtime.tune.worker;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.tune.device.CudaTuningDevice;

/** The program of a worker: serves trials on the first GPU until its standard input ends. */
final class GpuWorker {
    private GpuWorker() {}

    public static void main(String[] arguments) throws IOException {
        OutputStream answers = new FileOutputStream(FileDescriptor.out);
        // Whatever a library prints must not come between the answers.
        System.setOut(System.err);
        try {
            CudaContext gpu = CudaContext.openFirst();
            try (KernelStore kernels = new KernelStore(gpu, ArtifactCache.user())) {
                new TrialServer(new CudaTuningDevice(gpu, kernels)).serve(System.in, answers);
            }
        } catch (MxForgeException e) {
            TrialServer.fail(answers, e);
        }
        // A spoiled context cannot be closed in order; the process's end takes it.
        System.exit(0);
    }
}
