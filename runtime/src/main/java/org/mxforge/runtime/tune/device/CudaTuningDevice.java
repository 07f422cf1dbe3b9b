package org.mxforge.runtime.tune.device;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Pass;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.ToolVersion;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaDevice;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.cuda.launch.ReadyKernel;
import org.mxforge.runtime.cuda.nvrtc.Nvrtc;
import org.mxforge.runtime.kernel.GemmShape;
import org.mxforge.runtime.kernel.GroupedShape;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.KernelShape;
import org.mxforge.runtime.kernel.QuantizeShape;
import org.mxforge.runtime.tune.cost.Work;
import org.mxforge.runtime.tune.search.Trial;
import org.mxforge.runtime.tune.search.TuningDevice;
import org.mxforge.runtime.tune.wisdom.Toolchain;

/** A GPU. */
public final class CudaTuningDevice implements TuningDevice {
    /** Operands are spread over this many times the L2 cache. */
    private static final int CACHES = 3;

    private static final int MOST_COPIES = 64;

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
        return Problems.isGemm(problem.spec(), shape)
                || Problems.isGrouped(problem.spec(), shape)
                || Problems.isQuantizer(problem, shape);
    }

    @Override
    public String fingerprint(KernelVariant variant) {
        return SourceHash.of(variant);
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
        ExactRun exact = exact(problem, passes, shape);
        // The operands of full size are what may not fit into memory.
        try {
            return new CudaTrial.Operands(exact, operands(problem, passes, shape, copies(problem, shape)));
        } catch (RuntimeException e) {
            exact.close();
            throw e;
        }
    }

    /** What candidates are checked on. */
    private ExactRun exact(KernelProblem problem, List<Pass> passes, KernelShape shape) {
        KernelSpec spec = problem.spec();
        if (spec instanceof MxQuantizeSpec quantizer) {
            QuantizeProblem exact = QuantizeProblem.exact(quantizer, problem.layout(), (QuantizeShape) shape);
            QuantizeCheck check = exact.check();
            return new ExactRun.Quantizer(setUp(exact, 1), check);
        }
        if (spec instanceof MxGroupedGemmSpec grouped) {
            ExactExperts exact = ExactExperts.of(grouped, problem.layout(), (GroupedShape) shape);
            GroupedCheck check = exact.check();
            return new ExactRun.Gemm(setUp(exact.together(), passes, 1), check::fault);
        }
        if (spec instanceof MxGemmSpec mixed) {
            MxProblem exact = MxProblem.exact(mixed, problem.layout(), Slice.of((GemmShape) shape));
            ResultCheck check = exact.check();
            MixedGemm gemm = new MixedGemm(mixed, problem.layout(), runner(passes));
            return new ExactRun.Gemm(DeviceGemm.mixed(gpu, gemm, exact, 1), check::fault);
        }
        DenseProblem exact = DenseProblem.exact((DenseGemmSpec) spec, Slice.of((GemmShape) shape));
        ResultCheck check = exact.check();
        return new ExactRun.Gemm(setUp(exact, 1), check::fault);
    }

    private DevicePasses runner(List<Pass> passes) {
        return new DevicePasses(passes, spec -> kernels.kernel(pass(spec)));
    }

    /** A layer's operands come from memory, not from the cache that the layer before it left behind. */
    private int copies(KernelProblem problem, KernelShape shape) {
        long bytes = Work.of(problem, shape).orElseThrow().bytes();
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
    public OperandCopies<?> operands(KernelProblem problem, List<Pass> passes, KernelShape shape, int copies) {
        KernelSpec spec = problem.spec();
        if (spec instanceof MxQuantizeSpec quantizer) {
            return setUp(QuantizeProblem.random(quantizer, problem.layout(), (QuantizeShape) shape), copies)
                    .sets();
        }
        if (spec instanceof MxGroupedGemmSpec grouped) {
            return setUp(GroupedProblem.random(grouped, problem.layout(), (GroupedShape) shape), passes, copies)
                    .sets();
        }
        if (spec instanceof MxGemmSpec mixed) {
            MxProblem random = MxProblem.random(mixed, (GemmShape) shape, RepeatedRows.BLOCK);
            MixedGemm gemm = new MixedGemm(mixed, problem.layout(), runner(passes));
            return DeviceGemm.mixed(gpu, gemm, random, copies).sets();
        }
        return setUp(DenseProblem.random((DenseGemmSpec) spec, (GemmShape) shape), copies)
                .sets();
    }

    private DeviceGemm setUp(GroupedProblem problem, List<Pass> passes, int copies) {
        return DeviceGemm.grouped(gpu, problem, runner(passes), copies);
    }

    private DeviceGemm setUp(DenseProblem problem, int copies) {
        return DeviceGemm.plain(
                gpu,
                problem.spec(),
                problem.activation(),
                problem.weight(),
                problem.shape(),
                problem.epilogueOperand(),
                copies);
    }

    private DeviceQuantizer setUp(QuantizeProblem problem, int copies) {
        return new DeviceQuantizer(gpu, problem.spec(), problem.layout(), problem.shape(), problem.pattern(), copies);
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
