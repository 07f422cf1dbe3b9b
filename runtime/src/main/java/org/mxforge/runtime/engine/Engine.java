package org.mxforge.runtime.engine;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.jit.JavaJit;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaDevice;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.exec.cpu.CpuBackend;
import org.mxforge.runtime.exec.cuda.CudaBackend;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.kernel.KernelShape;
import org.mxforge.runtime.tune.Choice;
import org.mxforge.runtime.tune.TunedChooser;
import org.mxforge.runtime.tune.TuningDevice;
import org.mxforge.runtime.tune.TuningListener;
import org.mxforge.runtime.tune.WisdomKey;
import org.mxforge.runtime.tune.cost.CostModel;
import org.mxforge.runtime.tune.cost.GpuModel;
import org.mxforge.runtime.tune.device.CpuTuningDevice;
import org.mxforge.runtime.tune.device.CudaTuningDevice;
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
                Tuning tuning = Tuning.open(settings, device, Optional.empty(), cache, listener);
                yield new Engine(new CpuBackend(settings.threads(), tuning.chooser()), tuning);
            }
            default -> {
                CudaContext gpu = CudaContext.openFirst();
                KernelStore kernels = new KernelStore(gpu, cache);
                TuningDevice device = new WorkerDevice(
                        new CudaTuningDevice(gpu, kernels),
                        WorkerLauncher.java(GpuWorker.class),
                        Tuning.plan(settings).candidateLimit().multipliedBy(2));
                Tuning tuning = Tuning.open(settings, device, Optional.of(costs(gpu.device())), cache, listener);
                yield new Engine(new CudaBackend(gpu, kernels, tuning.chooser(), settings.folding()), tuning);
            }
        };
    }

    /** What chooses variants on {@code gpu} as {@code settings} say, by the user's wisdom; searches run in this process. */
    public static TunedChooser chooser(
            EngineSettings settings,
            CudaContext gpu,
            CudaTuningDevice device,
            ArtifactCache cache,
            TuningListener listener) {
        return Tuning.open(settings, device, Optional.of(costs(gpu.device())), cache, listener)
                .chooser();
    }

    /** Estimates for kernels on {@code device}. */
    public static CostModel costs(CudaDevice device) {
        return CostModel.of(GpuModel.of(device.target(), device.name(), device.multiprocessors()));
    }

    /** Where trials run. */
    public TuningDevice device() {
        return tuning.device();
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
        tuning.chooser().choose(spec, shape);
    }

    /** The variants that have been chosen so far, in the order they were wanted. */
    public Map<WisdomKey, Choice> choices() {
        return tuning.chooser().choices();
    }

    /** An HTML page, complete in itself, about the search of each of {@link #choices}. */
    public String report() {
        return tuning.report(Instant.now());
    }

    @Override
    public void close() {
        tuning.device().close();
        backend.close();
    }
}
