package org.mxforge.runtime;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.jit.JavaJit;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.check.SampleLaunch;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.exec.cpu.CpuBackend;
import org.mxforge.runtime.exec.cuda.CudaBackend;
import org.mxforge.runtime.exec.shard.ShardedBackend;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.simulate.Simulation;
import org.mxforge.runtime.tune.cost.CostModel;
import org.mxforge.runtime.tune.device.CpuTuningDevice;
import org.mxforge.runtime.tune.device.CudaTuningDevice;
import org.mxforge.runtime.tune.report.ReportPage;
import org.mxforge.runtime.tune.search.Tuning;
import org.mxforge.runtime.tune.search.TuningDevice;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;
import org.mxforge.runtime.tune.worker.WorkerDevice;

/**
 * An engine's device.
 *
 * @param backend what runs models on it
 * @param one the same, but of several GPUs the first: what measures models
 * @param tuning what is known about the speed of its kernels
 * @param clock of its kernels
 * @param gpu where it is one
 */
record OpenDevice(Backend backend, Backend one, Tuning tuning, KernelClock clock, Optional<CudaContext> gpu)
        implements AutoCloseable {
    /** The most partitions that a kernel of the standard catalogue has, and one more. */
    private static final int MOST_PARTS = 5;

    static OpenDevice open(EngineOptions options, Progress progress) {
        ArtifactCache cache = ArtifactCache.user();
        return options.device().resolved(progress) == DeviceKind.CPU
                ? openCpu(options, cache, progress)
                : openGpu(options, cache, progress);
    }

    private static OpenDevice openCpu(EngineOptions options, ArtifactCache cache, Progress progress) {
        if (options.gpus() > 1) {
            throw new MxForgeException(options.gpus()
                    + " GPUs were asked for, but the device is the CPU: choose the GPU, or leave them out");
        }
        TuningDevice device = new CpuTuningDevice(options.threads(), new JavaJit(cache));
        Tuning tuning = tuning(options, device, Optional.empty(), cache, progress);
        Backend backend = new CpuBackend(options.threads(), tuning.chooser());
        return new OpenDevice(backend, backend, tuning, new KernelClock(tuning, options.folding()), Optional.empty());
    }

    private static OpenDevice openGpu(EngineOptions options, ArtifactCache cache, Progress progress) {
        List<CudaContext> gpus =
                options.gpus() == 1 ? List.of(CudaContext.openFirst()) : CudaContext.openTogether(options.gpus());
        try {
            return openGpu(gpus, options, cache, progress);
        } catch (RuntimeException e) {
            gpus.forEach(CudaContext::close);
            throw e;
        }
    }

    private static OpenDevice openGpu(
            List<CudaContext> gpus, EngineOptions options, ArtifactCache cache, Progress progress) {
        CudaContext first = gpus.get(0);
        KernelStore kernels = new KernelStore(first, cache);
        TuningDevice device = WorkerDevice.gpu(new CudaTuningDevice(first, kernels), Tuning.patience(options.tuning()));
        Tuning tuning = tuning(options, device, Optional.of(CostModel.of(first.device())), cache, progress);
        CudaBackend one = new CudaBackend(first, kernels, tuning.chooser(), options.folding());
        KernelClock clock = new KernelClock(tuning, options.folding());
        if (gpus.size() == 1) {
            return new OpenDevice(one, one, tuning, clock, Optional.of(first));
        }
        List<CudaBackend> peers = new ArrayList<>(List.of(one));
        for (CudaContext other : gpus.subList(1, gpus.size())) {
            other.attach();
            VariantChooser chooser = new FirstsChooser(tuning.chooser(), first, other);
            peers.add(new CudaBackend(other, new KernelStore(other, cache), chooser, options.folding()));
        }
        first.attach();
        return new OpenDevice(new ShardedBackend(peers), one, tuning, clock, Optional.of(first));
    }

    /** What is chosen for the first GPU, asked by another: searches run on the first. */
    private record FirstsChooser(VariantChooser chooser, CudaContext first, CudaContext other)
            implements VariantChooser {
        @Override
        public KernelVariant choose(KernelProblem problem, Target target, KernelShape shape) {
            return onFirst(() -> chooser.choose(problem, target, shape));
        }

        @Override
        public OperandLayout layout(MxGemmSpec spec, Target target, KernelProblem.Scope scope, int n, List<Integer> k) {
            return onFirst(() -> chooser.layout(spec, target, scope, n, k));
        }

        private <T> T onFirst(Supplier<T> choice) {
            first.attach();
            try {
                return choice.get();
            } finally {
                other.attach();
            }
        }
    }

    private static Tuning tuning(
            EngineOptions options,
            TuningDevice device,
            Optional<CostModel> costs,
            ArtifactCache cache,
            Progress progress) {
        Path wisdom = cache.root().resolve("wisdom");
        return Tuning.open(options.tuning(), options.tuningTime(), device, costs, wisdom, progress);
    }

    /** Chooses a variant without running a model. */
    TunedKernel choose(KernelProblem problem, KernelShape shape) {
        return TunedKernel.choose(tuning, problem, shape);
    }

    List<TunedKernel> choices() {
        return tuning.choices().entrySet().stream()
                .map(choice -> TunedKernel.of(choice.getKey(), choice.getValue()))
                .toList();
    }

    /** A page about the search of each of {@link #choices}. */
    String report() {
        return ReportPage.of(tuning, Instant.now());
    }

    /** The shape of a few rows and columns with ragged ends that kernels of {@code problem} are compared on; empty if they cannot be. */
    Optional<KernelShape> smallShape(KernelProblem problem) {
        Stream<String> cut = IntStream.rangeClosed(1, MOST_PARTS)
                .mapToObj(parts -> "k" + String.join("+", Collections.nCopies(parts, "128")))
                .flatMap(k -> Stream.of("m37,n80," + k, "e4,m16,n80," + k, "m37," + k));
        return Stream.concat(cut, Stream.of("b2,q37,c80,h8/2"))
                .map(KernelShape::parse)
                .filter(shape -> tuning.device().tries(problem, shape))
                .findFirst();
    }

    /** Compares the variant that is chosen for {@code shape} with the oracle. */
    Verification verify(KernelProblem problem, KernelShape shape) {
        check(problem, shape);
        return verify(tuning.device(), problem, shape, tuning.choose(problem, shape));
    }

    /** The GPU with kernels that were compiled elsewhere, by variant: nobody vouches for them, so that they run in a process of their own. */
    TuningDevice with(Map<KernelVariant, Path> cubins) {
        KernelStore kernels = new KernelStore(gpu.orElseThrow(), ArtifactCache.user());
        return WorkerDevice.gpu(
                new CudaTuningDevice(gpu.orElseThrow(), kernels), cubins, Tuning.patience(TuneMode.OFF));
    }

    /**
     * Compares {@code variant} on {@code device} with the oracle, on {@code shape} or, if that is empty, on a small one; empty if it cannot be
     * compared.
     */
    Optional<Verification> verify(TuningDevice device, KernelVariant variant, Optional<KernelShape> shape) {
        KernelProblem problem = KernelProblem.of(variant);
        return shape.or(() -> smallShape(problem))
                .filter(size -> device.tries(problem, size))
                .map(size -> verify(device, problem, size, variant));
    }

    /** Compares {@code variant}, one of {@code problem}'s, on {@code device} with the oracle. */
    static Verification verify(TuningDevice device, KernelProblem problem, KernelShape shape, KernelVariant variant) {
        try (Trial trial = device.trial(problem, shape, List.of(variant))) {
            return new Verification(variant, shape.text(), fault(trial, variant));
        }
    }

    private static Optional<String> fault(Trial trial, KernelVariant variant) {
        try (Trial.Candidate candidate = trial.prepare(variant)) {
            return candidate.fault();
        } catch (MxForgeException | Trial.Timeout e) {
            return Optional.of(e.getMessage());
        }
    }

    /** The simulator's launch of {@code variant}, compared with the GPU's. */
    Simulation simulate(KernelVariant variant, Map<String, Integer> sizes) {
        CudaContext there = gpu.orElseThrow(() -> new IllegalArgumentException(
                "simulations are compared with a GPU's results, and this engine is on the CPU: use Kernels.simulate"));
        return SampleLaunch.of(variant, sizes).compare(ArtifactCache.user(), there);
    }

    /** Tries variants of one problem. */
    List<WisdomStore.Tried> race(List<KernelVariant> variants, KernelShape shape) {
        check(KernelProblem.of(variants.get(0)), shape);
        return tuning.race(variants, shape).stream().map(WisdomStore::tried).toList();
    }

    private void check(KernelProblem problem, KernelShape shape) {
        if (!tuning.device().tries(problem, shape)) {
            throw new IllegalArgumentException(
                    problem.spec().text() + " cannot be compared bit for bit on " + shape.text()
                            + " here: give a GEMM or, on a GPU, a quantizer, a grouped GEMM or attention, of not too"
                            + " many channels");
        }
    }

    @Override
    public void close() {
        tuning.device().close();
        backend.close();
    }
}
