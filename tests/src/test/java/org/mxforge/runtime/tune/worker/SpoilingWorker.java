package org.mxforge.runtime.tune.worker;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.cuda.nvrtc.Nvrtc;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.device.CudaTuningDevice;
import org.mxforge.runtime.tune.search.TuningDevice;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Toolchain;

/** The program of a worker that is the real one, but for one candidate, which writes where it must not. */
public final class SpoilingWorker implements TuningDevice {
    /** Place of that candidate among the legal ones. */
    public static final int BAD = 1;

    private static final String STRAY =
            """
            extern "C" __global__ void stray(int* nowhere) {
                *nowhere = 1;
            }
            """;

    private final CudaContext gpu = CudaContext.openFirst();
    private final CudaTuningDevice real = new CudaTuningDevice(gpu, new KernelStore(gpu, ArtifactCache.user()));

    /** A device whose trials run in such a worker. */
    public static WorkerDevice device(TuningDevice facts, Duration patience) {
        return new WorkerDevice(facts, WorkerLauncher.java(SpoilingWorker.class), patience);
    }

    public static void main(String[] arguments) throws IOException {
        new TrialServer(new SpoilingWorker()).serve(System.in, new FileOutputStream(FileDescriptor.out));
        System.exit(0);
    }

    @Override
    public String name() {
        return real.name();
    }

    @Override
    public Target target() {
        return real.target();
    }

    @Override
    public Toolchain toolchain() {
        return real.toolchain();
    }

    @Override
    public boolean tries(KernelProblem problem, KernelShape shape) {
        return real.tries(problem, shape);
    }

    @Override
    public String fingerprint(KernelVariant variant) {
        return real.fingerprint(variant);
    }

    @Override
    public boolean works() {
        return real.works();
    }

    @Override
    public Trial trial(KernelProblem problem, KernelShape shape, List<KernelVariant> candidates) {
        KernelVariant bad = problem.variants(target()).get(BAD);
        Trial trial = real.trial(problem, shape, candidates);
        return new Trial() {
            @Override
            public Candidate prepare(KernelVariant variant) {
                return variant.equals(bad) ? new Stray() : trial.prepare(variant);
            }

            @Override
            public void close() {
                trial.close();
            }
        };
    }

    private final class Stray implements Trial.Candidate {
        @Override
        public Optional<String> fault() {
            CudaKernel kernel = gpu.load(
                    Nvrtc.load().compile("stray", STRAY, target(), gpu.device().imageKind()), "stray");
            try (CudaStream stream = gpu.stream()) {
                kernel.launch(stream, 1, 1, 1, 1, 0, KernelArguments.of().pointer(8));
                stream.synchronize();
            }
            return Optional.empty();
        }

        @Override
        public double run() {
            return 1;
        }

        @Override
        public void close() {}
    }
}
