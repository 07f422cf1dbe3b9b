package org.mxforge.runtime.cuda.backend;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.cuda.CudaStream;
import org.mxforge.runtime.cuda.KernelStore;
import org.mxforge.runtime.cuda.ReadyKernel;
import org.mxforge.runtime.tune.GemmShape;
import org.mxforge.runtime.tune.QuantizerChoice;
import org.mxforge.runtime.tune.VariantChooser;

/** Launches kernels on one stream: GEMMs in the variant chosen for their shape, all others in the default one. */
final class Kernels {
    private final KernelStore store;
    private final Target target;
    private final VariantChooser chooser;
    private final CudaStream stream;
    private final Set<KernelSpec> expected = new HashSet<>();
    private final Map<KernelVariant, ReadyKernel<?>> plain = new HashMap<>();
    private final Map<Gemm, ReadyKernel<?>> gemms = new HashMap<>();

    private record Gemm(KernelSpec spec, GemmShape shape) {}

    Kernels(KernelStore store, Target target, VariantChooser chooser, CudaStream stream) {
        this.store = store;
        this.target = target;
        this.chooser = chooser;
        this.stream = stream;
    }

    /** Says that {@code spec} will probably be launched, so that compiling it can begin; on a second start it is in the cache. */
    void expect(KernelSpec spec) {
        if (expected.add(spec)) {
            store.prefetch(KernelVariant.of(spec, target));
        }
    }

    /** Launches {@code spec}; {@code arguments} is the record of its stem. */
    <A> void launch(KernelSpec spec, A arguments) {
        launch(KernelVariant.of(spec, target), arguments);
    }

    /** Launches a quantizer of rows of {@code channels}; {@code arguments} is the record of its stem. */
    <A> void launch(MxQuantizeSpec spec, int channels, A arguments) {
        launch(new KernelVariant(spec, target, QuantizerChoice.of(spec, target, channels)), arguments);
    }

    private <A> void launch(KernelVariant variant, A arguments) {
        ReadyKernel<A> kernel = cast(plain.computeIfAbsent(variant, store::kernel));
        kernel.launch(stream, arguments);
    }

    /** Launches a GEMM of this shape; {@code arguments} is the record of its stem. */
    <A> void launch(KernelSpec spec, GemmShape shape, A arguments) {
        ReadyKernel<A> kernel = cast(gemms.computeIfAbsent(new Gemm(spec, shape.bucketed()), this::choose));
        kernel.launch(stream, arguments);
    }

    private ReadyKernel<?> choose(Gemm gemm) {
        return store.kernel(new KernelVariant(gemm.spec(), target, chooser.choose(gemm.spec(), target, gemm.shape())));
    }

    @SuppressWarnings("unchecked") // The launcher casts its arguments to the record of its stem.
    private static <A> ReadyKernel<A> cast(ReadyKernel<?> kernel) {
        return (ReadyKernel<A>) kernel;
    }
}
