package org.mxforge.runtime.engine;

import java.util.Map;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.runtime.backend.Backend;
import org.mxforge.runtime.cache.ArtifactCache;
import org.mxforge.runtime.cpu.CpuBackend;
import org.mxforge.runtime.cuda.CudaContext;
import org.mxforge.runtime.cuda.CudaDevice;
import org.mxforge.runtime.cuda.KernelStore;
import org.mxforge.runtime.cuda.backend.CudaBackend;
import org.mxforge.runtime.jit.JavaJit;
import org.mxforge.runtime.trial.CpuTuningDevice;
import org.mxforge.runtime.trial.CudaTuningDevice;
import org.mxforge.runtime.trial.worker.GpuWorker;
import org.mxforge.runtime.trial.worker.WorkerDevice;
import org.mxforge.runtime.trial.worker.WorkerLauncher;
import org.mxforge.runtime.tune.Choice;
import org.mxforge.runtime.tune.GemmShape;
import org.mxforge.runtime.tune.SearchOrder;
import org.mxforge.runtime.tune.TuneMode;
import org.mxforge.runtime.tune.TunedChooser;
import org.mxforge.runtime.tune.Tuner;
import org.mxforge.runtime.tune.TuningDevice;
import org.mxforge.runtime.tune.TuningListener;
import org.mxforge.runtime.tune.TuningPlan;
import org.mxforge.runtime.tune.Wisdom;
import org.mxforge.runtime.tune.WisdomKey;
import org.mxforge.runtime.tune.cost.CostModel;
import org.mxforge.runtime.tune.cost.CostOrder;
import org.mxforge.runtime.tune.cost.GpuModel;

/** A device that is ready to run models, on kernels that were tuned for it. */
public final class Engine implements AutoCloseable {
    private final Backend backend;
    private final TunedChooser chooser;
    private final TuningDevice device;

    private Engine(Backend backend, TunedChooser chooser, TuningDevice device) {
        this.device = device;
        this.backend = backend;
        this.chooser = chooser;
    }

    /**
     * Opens the device that {@code settings} name, with the user's cache and wisdom.
     *
     * @param listener told of searches for fast variants, which happen when a shape is first run
     * @throws org.mxforge.runtime.MxForgeException if it is a GPU and there is none
     */
    public static Engine open(EngineSettings settings, TuningListener listener) {
        ArtifactCache cache = ArtifactCache.user();
        TuningPlan plan = settings.tuning() == TuneMode.FULL ? TuningPlan.FULL : TuningPlan.QUICK;
        return switch (settings.device().resolved()) {
            case CPU -> {
                TuningDevice device = new CpuTuningDevice(settings.threads(), new JavaJit(cache));
                TunedChooser chooser = chooser(settings, device, plan, SearchOrder.NEAR_DEFAULT, cache, listener);
                yield new Engine(new CpuBackend(settings.threads(), chooser), chooser, device);
            }
            default -> {
                CudaContext gpu = CudaContext.openFirst();
                KernelStore kernels = new KernelStore(gpu, cache);
                TuningDevice device = new WorkerDevice(
                        new CudaTuningDevice(gpu, kernels),
                        WorkerLauncher.java(GpuWorker.class),
                        plan.candidateLimit().multipliedBy(2));
                TunedChooser chooser = chooser(settings, device, plan, estimates(gpu.device()), cache, listener);
                yield new Engine(new CudaBackend(gpu, kernels, chooser), chooser, device);
            }
        };
    }

    private static SearchOrder estimates(CudaDevice device) {
        GpuModel numbers = GpuModel.of(device.target(), device.name(), device.multiprocessors());
        return new CostOrder(CostModel.of(numbers), CostOrder.KEEP);
    }

    private static TunedChooser chooser(
            EngineSettings settings,
            TuningDevice device,
            TuningPlan plan,
            SearchOrder order,
            ArtifactCache cache,
            TuningListener listener) {
        Wisdom wisdom = Wisdom.open(cache.root().resolve("wisdom"), device.name());
        Tuner tuner = new Tuner(wisdom, device, plan, order, listener);
        return new TunedChooser(settings.tuning(), device, wisdom, tuner, settings.tuningTime());
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
    public void choose(KernelSpec spec, GemmShape shape) {
        chooser.choose(spec, shape);
    }

    /** The variants that have been chosen so far, in the order they were wanted. */
    public Map<WisdomKey, Choice> choices() {
        return chooser.choices();
    }

    @Override
    public void close() {
        device.close();
        backend.close();
    }
}
