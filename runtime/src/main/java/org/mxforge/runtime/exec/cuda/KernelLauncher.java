package org.mxforge.runtime.exec.cuda;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.cuda.launch.ReadyKernel;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.VariantChooser;

/** Launches kernels on one stream: GEMMs and quantizers in the variant chosen for their shape, all others in the default one. */
final class KernelLauncher implements Launches {
    private final KernelStore store;
    private final Target target;
    private final VariantChooser chooser;
    private final Set<KernelSpec> expected = new HashSet<>();
    private final Set<KernelProblem> awaited = new HashSet<>();
    private final Map<KernelSpec, ReadyKernel<?>> plain = new HashMap<>();
    private final Map<Given, ReadyKernel<?>> given = new HashMap<>();
    private final Map<Shaped, ShapedKernel<?>> shaped = new HashMap<>();

    private CudaStream stream;
    private LaunchClock clock;
    private String place = "";

    private record Given(KernelSpec spec, Algorithm<?> algorithm) {}

    private record Shaped(KernelProblem problem, KernelShape shape) {}

    KernelLauncher(KernelStore store, Target target, VariantChooser chooser, CudaStream stream) {
        this.store = store;
        this.target = target;
        this.chooser = chooser;
        this.stream = stream;
    }

    @Override
    public void expect(KernelSpec spec) {
        if (expected.add(spec)) {
            store.prefetch(KernelVariant.of(spec, target));
        }
    }

    @Override
    public void expect(KernelProblem problem) {
        if (awaited.add(problem)) {
            store.prefetch(problem.usual(target));
        }
    }

    @Override
    public void at(String place) {
        this.place = place;
    }

    /** Runs {@code operations}, whose launches {@code watching} times. */
    void with(LaunchClock watching, Runnable operations) {
        clock = watching;
        try {
            operations.run();
        } finally {
            clock = null;
        }
    }

    /** Whether launches are timed, one after the other. */
    boolean isTimed() {
        return clock != null;
    }

    /** Launches what {@code launches} asks for on another stream. */
    void on(CudaStream other, Runnable launches) {
        CudaStream own = stream;
        stream = other;
        try {
            launches.run();
        } finally {
            stream = own;
        }
    }

    /** Every launch comes by here. */
    <A> void launch(ReadyKernel<A> kernel, A arguments) {
        if (clock == null) {
            kernel.launch(stream, arguments);
        } else {
            clock.launch(kernel, arguments, place);
        }
    }

    @Override
    public <A> void launch(KernelSpec spec, A arguments) {
        ReadyKernel<A> kernel = cast(plain.computeIfAbsent(spec, this::usual));
        launch(kernel, arguments);
    }

    @Override
    public <S extends KernelSpec, A> void launch(S spec, Algorithm<S> algorithm, A arguments) {
        ReadyKernel<A> kernel = cast(given.computeIfAbsent(
                new Given(spec, algorithm), any -> store.kernel(KernelVariant.of(spec, algorithm, target))));
        launch(kernel, arguments);
    }

    @Override
    public <A> ShapedKernel<A> choose(KernelProblem problem, KernelShape shape) {
        return cast(shaped.computeIfAbsent(new Shaped(problem, shape.bucketed()), this::choose));
    }

    @Override
    public OperandLayout layout(MxGemmSpec spec, KernelProblem.Scope scope, int n, List<Integer> k) {
        return chooser.layout(spec, target, scope, n, k);
    }

    private ReadyKernel<?> usual(KernelSpec spec) {
        return store.kernel(KernelVariant.of(spec, target));
    }

    private ShapedKernel<?> choose(Shaped kernel) {
        KernelVariant variant = chooser.choose(kernel.problem(), target, kernel.shape());
        ReadyKernel<Object> ready = cast(store.kernel(variant.kernel()));
        return new ShapedKernel<>(variant.algorithm().passes(variant.spec()), arguments -> launch(ready, arguments));
    }

    @SuppressWarnings("unchecked") // The launcher casts its arguments to the record of its stem.
    private static <A> ReadyKernel<A> cast(ReadyKernel<?> kernel) {
        return (ReadyKernel<A>) kernel;
    }

    @SuppressWarnings("unchecked") // As above.
    private static <A> ShapedKernel<A> cast(ShapedKernel<?> kernel) {
        return (ShapedKernel<A>) kernel;
    }
}
