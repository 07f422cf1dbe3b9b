package org.mxforge.runtime.engine;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.jit.JavaJit;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.exec.cpu.CpuBackend;
import org.mxforge.runtime.exec.cuda.CudaBackend;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.kernel.KernelShape;
import org.mxforge.runtime.tune.cost.CostModel;
import org.mxforge.runtime.tune.device.CpuTuningDevice;
import org.mxforge.runtime.tune.device.CudaTuningDevice;
import org.mxforge.runtime.tune.report.ReportPage;
import org.mxforge.runtime.tune.search.Choice;
import org.mxforge.runtime.tune.search.Tuning;
import org.mxforge.runtime.tune.search.TuningDevice;
import org.mxforge.runtime.tune.search.TuningListener;
import org.mxforge.runtime.tune.wisdom.WisdomKey;
import org.mxforge.runtime.tune.worker.GpuWorker;
import org.mxforge.runtime.tune.worker.WorkerDevice;
import org.mxforge.runtime.tune.worker.WorkerLauncher;

/** A device that is ready to run models, on kernels that were tuned for it. */
public final class Engine implements AutoCloseable {
    private final Backend backend;
    private final Tuning tuning;

    private Engine(Backend backend, Tuning tuning) {
        this.backend = backend;
        this.tuning = tuning;
    }

    /**
     * Opens the device that {@code settings} name, with the user's cache and wisdom.
     *
     * @param listener told of searches for fast variants, which happen when a shape is first run
     * @throws org.mxforge.runtime.base.MxForgeException if it is a GPU and there is none
     */
    public static Engine open(EngineSettings settings, TuningListener listener) {
        ArtifactCache cache = ArtifactCache.user();
        return switch (settings.device().resolved()) {
            case CPU -> {
                TuningDevice device = new CpuTuningDevice(settings.threads(), new JavaJit(cache));
                Tuning tuning = tuning(settings, device, Optional.empty(), cache, listener);
                yield new Engine(new CpuBackend(settings.threads(), tuning.chooser()), tuning);
            }
            default -> {
                CudaContext gpu = CudaContext.openFirst();
                KernelStore kernels = new KernelStore(gpu, cache);
                TuningDevice device = new WorkerDevice(
                        new CudaTuningDevice(gpu, kernels),
                        WorkerLauncher.java(GpuWorker.class),
                        Tuning.patience(settings.tuning()));
                Tuning tuning = tuning(settings, device, Optional.of(CostModel.of(gpu.device())), cache, listener);
                yield new Engine(new CudaBackend(gpu, kernels, tuning.chooser(), settings.folding()), tuning);
            }
        };
    }

    private static Tuning tuning(
            EngineSettings settings,
            TuningDevice device,
            Optional<CostModel> costs,
            ArtifactCache cache,
            TuningListener listener) {
        Path wisdom = cache.root().resolve("wisdom");
        return Tuning.open(settings.tuning(), settings.tuningTime(), device, costs, wisdom, listener);
    }

    /** Its operations. */
    public Backend backend() {
        return backend;
    }

    /**
     * Chooses a variant without running it.
     *
     * @throws IllegalArgumentException if {@code spec} is no GEMM of so many partitions
     */
    public void choose(KernelSpec spec, KernelShape shape) {
        tuning.choose(spec, shape);
    }

    /** The variants that have been chosen so far, in the order they were wanted. */
    public Map<WisdomKey, Choice> choices() {
        return tuning.choices();
    }

    /** An HTML page, complete in itself, about the search of each of {@link #choices}. */
    public String report() {
        return ReportPage.of(tuning, Instant.now());
    }

    @Override
    public void close() {
        tuning.device().close();
        backend.close();
    }
}
