package org.mxforge.runtime.cli.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Predicate;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaDevice;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.cuda.launch.ReadyKernel;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.tune.cost.CostModel;
import org.mxforge.runtime.tune.device.CudaTuningDevice;
import org.mxforge.runtime.tune.search.Tuning;

/** The GPU that is measured, its kernels, and the tuner that chooses among them. */
final class BenchGpu implements AutoCloseable {
    /** Sets of operands together are several times as large as the second-level cache of any GPU so far. */
    private static final double COPIES_BYTES = 300e6;

    private static final int FEWEST_COPIES = 3;
    private static final int MOST_COPIES = 256;

    private final CudaContext context;
    private final KernelStore kernels;
    private final CudaTuningDevice device;
    private final VariantChooser chooser;
    private final CostModel costs;
    private final GraphTimer timer;

    private BenchGpu(CudaContext context, TuneMode mode, Duration allowance, Progress progress) {
        ArtifactCache cache = ArtifactCache.user();
        this.context = context;
        this.kernels = new KernelStore(context, cache);
        this.device = new CudaTuningDevice(context, kernels);
        this.costs = CostModel.of(context.device());
        Path wisdom = cache.root().resolve("wisdom");
        this.chooser = Tuning.open(mode, allowance, device, Optional.of(costs), wisdom, progress)
                .chooser();
        this.timer = new GraphTimer(device);
    }

    /**
     * Opens the first GPU of this machine.
     *
     * @param mode how hard variants are searched for
     * @param allowance no new search begins once searches have taken this long together
     * @param progress told of searches
     * @throws MxForgeException if there is no GPU
     */
    public static BenchGpu open(TuneMode mode, Duration allowance, Progress progress) {
        CudaContext context = CudaContext.open(present());
        try {
            return new BenchGpu(context, mode, allowance, progress);
        } catch (RuntimeException e) {
            context.close();
            throw e;
        }
    }

    private static CudaDevice present() {
        try {
            CudaDevice device = CudaDevice.first();
            device.target();
            return device;
        } catch (MxForgeException e) {
            throw new MxForgeException(
                    "bench needs a GPU, and this machine has none that can be used: 'mxforge doctor' says why.", e);
        }
    }

    /** As the driver calls it. */
    public String name() {
        return context.device().name();
    }

    /** Operations that tensor cores of its kind do in a clock on elements of {@code bits}. */
    double flopsPerClock(int bits) {
        return costs.flopsPerClock(bits);
    }

    /** What bounds the time of its kernels, if this very GPU is known. */
    Optional<CostModel> bounds() {
        return CostModel.knows(name()) ? Optional.of(costs) : Optional.empty();
    }

    /** The bandwidth that a copy of 2 GiB has now, bytes read and written counted. */
    public Rate copyRate() {
        try (LargeCopy copy = new LargeCopy(context)) {
            return copy.rate();
        }
    }

    CudaContext context() {
        return context;
    }

    CudaTuningDevice device() {
        return device;
    }

    GraphTimer timer() {
        return timer;
    }

    Target target() {
        return device.target();
    }

    /** The variant that a model would run for this shape. */
    KernelVariant choose(KernelProblem problem, KernelShape shape) {
        return chooser.choose(problem, target(), shape);
    }

    /**
     * The variant that a model would run for this shape or, if that is not {@code meant}, the one of those that should be fastest: of
     * those that a model may run for it, if there are any.
     */
    KernelVariant choose(KernelProblem problem, GemmShape shape, Predicate<KernelVariant> meant) {
        KernelVariant chosen = choose(problem, shape);
        return meant.test(chosen)
                ? chosen
                : problem.variants(target()).stream()
                        .filter(meant)
                        .min(Comparator.comparing((KernelVariant variant) ->
                                        !variant.algorithm().permits(variant.spec(), variant.configuration(), shape))
                                .thenComparingDouble(variant -> estimate(variant, shape)))
                        .orElseThrow(() -> new IllegalArgumentException(
                                "no such variant of " + problem.spec().text()));
    }

    private double estimate(KernelVariant variant, GemmShape shape) {
        return costs.millis(variant, shape).orElse(Double.MAX_VALUE);
    }

    /** Compiles {@code variants}, all at once rather than each when it is wanted. */
    void compile(Collection<KernelVariant> variants) {
        kernels.compileAhead(variants);
    }

    /** The kernel of {@code variant}. */
    <A> ReadyKernel<A> kernel(KernelVariant variant) {
        return kernels.kernel(variant);
    }

    /** How many operand sets it takes for the second-level cache to have forgotten the first, where one run reads {@code bytes}. */
    static int copies(double bytes) {
        return (int) Math.max(FEWEST_COPIES, Math.min(MOST_COPIES, 1 + COPIES_BYTES / bytes));
    }

    @Override
    public void close() {
        kernels.close();
        context.close();
    }
}
