package org.mxforge.runtime.tune.device;

import java.util.List;
import java.util.function.Function;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.space.Configuration;
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
    public boolean tries(KernelSpec spec, KernelShape shape) {
        return Problems.isGemm(spec, shape) || Problems.isGrouped(spec, shape) || Problems.isQuantizer(spec, shape);
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
    public Trial trial(KernelSpec spec, KernelShape shape, List<Configuration> candidates) {
        // The compiler is the slow part, and it runs on all cores at once.
        kernels.compileAhead(candidates.stream()
                .map(configuration -> new KernelVariant(spec, target(), configuration))
                .toList());
        // What the model asked for before must not be timed along.
        gpu.synchronize();
        if (spec instanceof MxQuantizeSpec quantizer) {
            return trial(quantizer, (QuantizeShape) shape);
        }
        if (spec instanceof MxGroupedGemmSpec grouped) {
            return trial(grouped, (GroupedShape) shape);
        }
        GemmShape gemm = (GemmShape) shape;
        return spec instanceof MxGemmSpec mixed ? trial(mixed, gemm) : trial((DenseGemmSpec) spec, gemm);
    }

    private Trial trial(MxGemmSpec spec, GemmShape shape) {
        MxProblem exact = MxProblem.exact(spec, Slice.of(shape));
        ResultCheck check = exact.check();
        DeviceGemm checked = DeviceGemm.mixed(gpu, MixedGemm.direct(spec), exact, 1);
        return trial(spec, shape, new ExactRun.Gemm(checked, check::fault));
    }

    private Trial trial(MxGroupedGemmSpec spec, GroupedShape shape) {
        ExactExperts exact = ExactExperts.of(spec, shape);
        GroupedCheck check = exact.check();
        return trial(spec, shape, new ExactRun.Gemm(setUp(exact.together(), 1), check::fault));
    }

    private Trial trial(DenseGemmSpec spec, GemmShape shape) {
        DenseProblem exact = DenseProblem.exact(spec, Slice.of(shape));
        ResultCheck check = exact.check();
        return trial(spec, shape, new ExactRun.Gemm(setUp(exact, 1), check::fault));
    }

    private Trial trial(MxQuantizeSpec spec, QuantizeShape shape) {
        QuantizeProblem exact = QuantizeProblem.exact(spec, shape);
        QuantizeCheck check = exact.check();
        return trial(spec, shape, new ExactRun.Quantizer(setUp(exact, 1), check));
    }

    /** The operands of full size are what may not fit into memory. */
    private Trial trial(KernelSpec spec, KernelShape shape, ExactRun exact) {
        try {
            return new CudaTrial(this, spec, exact, operands(spec, shape, copies(spec, shape)));
        } catch (RuntimeException e) {
            exact.close();
            throw e;
        }
    }

    /** A layer's operands come from memory, not from the cache that the layer before it left behind. */
    private int copies(KernelSpec spec, KernelShape shape) {
        long bytes = Work.of(spec, shape).orElseThrow().bytes();
        long filling = 1 + (CACHES * gpu.device().cacheBytes() - 1) / bytes;
        return (int) Math.min(MOST_COPIES, filling);
    }

    /**
     * Operands as models have them, for timing.
     *
     * @param spec a kernel that this device {@link #tries}
     * @param copies operand sets that are wanted, as far as there is room
     */
    public OperandCopies<?> operands(KernelSpec spec, KernelShape shape, int copies) {
        if (spec instanceof MxQuantizeSpec quantizer) {
            return setUp(QuantizeProblem.random(quantizer, (QuantizeShape) shape), copies)
                    .sets();
        }
        if (spec instanceof MxGroupedGemmSpec grouped) {
            return setUp(GroupedProblem.random(grouped, (GroupedShape) shape), copies)
                    .sets();
        }
        return spec instanceof MxGemmSpec mixed
                ? operands(mixed, mixed.groups(), List.of(), (GemmShape) shape, copies)
                : setUp(DenseProblem.random((DenseGemmSpec) spec, (GemmShape) shape), copies)
                        .sets();
    }

    /**
     * Operands of a mixed GEMM that passes lay out for it, each run anew.
     *
     * @param spec of the kernel behind the passes
     * @param given how the operands lie before
     * @param passes in order
     * @param copies operand sets that are wanted, as far as there is room
     */
    public OperandCopies<?> operands(
            MxGemmSpec spec, GroupLayout given, List<Pass> passes, GemmShape shape, int copies) {
        MxProblem problem = MxProblem.random(spec, shape, RepeatedRows.BLOCK);
        MixedGemm gemm = new MixedGemm(spec, given, passes, pass -> kernels.kernel(KernelVariant.of(pass, target())));
        return DeviceGemm.mixed(gpu, gemm, problem, copies).sets();
    }

    private DeviceGemm setUp(GroupedProblem problem, int copies) {
        return DeviceGemm.grouped(
                gpu,
                problem.spec(),
                problem.activation(),
                problem.weights(),
                problem.tokens().routes(),
                problem.extra(),
                copies);
    }

    private DeviceGemm setUp(DenseProblem problem, int copies) {
        return DeviceGemm.plain(
                gpu, problem.spec(), problem.activation(), problem.weight(), problem.shape(), problem.extra(), copies);
    }

    private DeviceQuantizer setUp(QuantizeProblem problem, int copies) {
        return new DeviceQuantizer(gpu, problem.spec(), problem.shape(), problem.pattern(), copies);
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
