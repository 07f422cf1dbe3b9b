package org.mxforge.runtime.tune.device;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.Pass;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.ToolVersion;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaDevice;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.cuda.launch.ReadyKernel;
import org.mxforge.runtime.cuda.nvrtc.Nvrtc;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.search.TuningDevice;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Toolchain;

/** A GPU. */
public final class CudaTuningDevice implements TuningDevice {
    /** Operands are spread over this many times the L2 cache. */
    private static final int CACHES = 3;

    private static final int MOST_COPIES = 64;

    /** Operands of one kernel in GPU memory, in sets on which it runs in turn. */
    public interface OperandSets extends AutoCloseable {
        /** How many there are, at least 1. */
        int sets();

        /** Puts the whole work on set {@code set} on {@code queue}, every launch it takes; does not wait. */
        void launch(ReadyKernel<Object> kernel, CudaStream queue, int set);

        @Override
        void close();
    }

    private final CudaContext gpu;
    private final KernelStore kernels;
    private final Function<KernelVariant, ReadyKernel<Object>> ready;
    private ClockMeter clock;

    /**
     * @param gpu the GPU
     * @param kernels its kernels, where the winners stay loaded
     */
    public CudaTuningDevice(CudaContext gpu, KernelStore kernels) {
        this(gpu, kernels, kernels::kernel);
    }

    /**
     * @param gpu the GPU
     * @param kernels what compiles its kernels
     * @param ready what hands them out; a test of the checks hands out others
     */
    CudaTuningDevice(CudaContext gpu, KernelStore kernels, Function<KernelVariant, ReadyKernel<Object>> ready) {
        this.gpu = gpu;
        this.kernels = kernels;
        this.ready = ready;
    }

    @Override
    public String name() {
        return gpu.device().name();
    }

    @Override
    public Target target() {
        return gpu.device().target();
    }

    @Override
    public Toolchain toolchain() {
        CudaDevice device = gpu.device();
        return new Toolchain(
                ToolVersion.TEXT,
                "NVRTC " + Nvrtc.load().version(),
                String.join(" ", Nvrtc.options(device.target(), device.imageKind())),
                DriverRelease.text(device));
    }

    @Override
    public boolean tries(KernelProblem problem, KernelShape shape) {
        return TrialKinds.of(problem, shape).isPresent();
    }

    @Override
    public boolean works() {
        try {
            gpu.synchronize();
            return true;
        } catch (MxForgeException e) {
            return false;
        }
    }

    @Override
    public Trial trial(KernelProblem problem, KernelShape shape, List<KernelVariant> candidates) {
        // The compiler is the slow part, and it runs on all cores at once.
        kernels.compileAhead(candidates.stream().flatMap(this::launched).toList());
        // What the model asked for before must not be timed along.
        gpu.synchronize();
        CudaTrial trial = new CudaTrial(this, problem, shape);
        // Where there is no memory for them, nothing can be tried.
        trial.operands(candidates.get(0).algorithm());
        return trial;
    }

    /** All kernels that a run of {@code variant} takes. */
    private Stream<KernelVariant> launched(KernelVariant variant) {
        Stream<KernelVariant> passes =
                variant.algorithm().passes(variant.spec()).stream().map(pass -> pass(pass.spec()));
        return Stream.concat(Stream.of(variant.kernel()), passes);
    }

    private KernelVariant pass(KernelSpec spec) {
        return KernelVariant.of(spec, target());
    }

    CudaTrial.Operands operands(KernelProblem problem, List<Pass> passes, KernelShape shape) {
        ExactRun exact = kind(problem, shape).exact(gpu, problem.spec(), problem.layout(), runner(passes), shape);
        // The operands of full size are what may not fit into memory.
        try {
            return new CudaTrial.Operands(exact, copies(problem, passes, shape, copies(problem, shape)));
        } catch (RuntimeException e) {
            exact.close();
            throw e;
        }
    }

    private static TrialKind<KernelSpec, KernelShape> kind(KernelProblem problem, KernelShape shape) {
        return TrialKinds.of(problem, shape)
                .orElseThrow(() -> new IllegalArgumentException(
                        "no trials can be made of '" + problem.spec().text() + "' for " + shape.text()));
    }

    private DevicePasses runner(List<Pass> passes) {
        return new DevicePasses(passes, spec -> kernels.kernel(pass(spec)));
    }

    /** A layer's operands come from memory, not from the cache that the layer before it left behind. */
    private int copies(KernelProblem problem, KernelShape shape) {
        long bytes = problem.work(shape).orElseThrow().bytes();
        long filling = 1 + (CACHES * gpu.device().cacheBytes() - 1) / bytes;
        return (int) Math.min(MOST_COPIES, filling);
    }

    /**
     * Operands as models have them, for timing.
     *
     * @param problem what this device {@link #tries}
     * @param passes before the kernel, which each run makes anew
     * @param copies operand sets that are wanted, as far as there is room
     */
    public OperandSets operands(KernelProblem problem, List<Pass> passes, KernelShape shape, int copies) {
        return copies(problem, passes, shape, copies);
    }

    private OperandCopies<?> copies(KernelProblem problem, List<Pass> passes, KernelShape shape, int copies) {
        return kind(problem, shape).operands(gpu, problem.spec(), problem.layout(), runner(passes), shape, copies);
    }

    /**
     * Does {@code work} once, and records it to be timed.
     *
     * @param runs how many runs of a kernel that is
     * @param work asks for them on the stream it is given, without waiting
     */
    public Replay record(int runs, Consumer<CudaStream> work) {
        return Replay.record(gpu, clock(), runs, work);
    }

    /** The clock's probe, compiled when it is first wanted. */
    ClockMeter clock() {
        if (clock == null) {
            clock = new ClockMeter(gpu);
        }
        return clock;
    }

    ReadyKernel<Object> kernel(KernelVariant variant) {
        return ready.apply(variant);
    }
}
