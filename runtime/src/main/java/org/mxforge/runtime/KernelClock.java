package org.mxforge.runtime;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.options.Folding;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.refine.Refiner;
import org.mxforge.runtime.tune.search.Tuning;
import org.mxforge.runtime.tune.wisdom.Timing;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;

/**
 * Times the kernels of a site alone: by what wisdom knows of the variant that a model would run, or else by a trial of it. What a device
 * cannot try, such as quantizers on the CPU, counts as nothing.
 */
final class KernelClock implements Refiner.SiteClock {
    private final Tuning tuning;
    private final Folding folding;
    private final Map<LayerKernels.Wanted, Double> known = new HashMap<>();

    KernelClock(Tuning tuning, Folding folding) {
        this.tuning = tuning;
        this.folding = folding;
    }

    @Override
    public double millis(LinearSite site, InputQuantization input, int tokens) {
        Target target = tuning.device().target();
        return (target == Target.CPU ? onCpu(site, input) : onGpu(site, input, target))
                .alone(tokens, target == Target.CPU ? ScalarType.FP32 : ScalarType.BF16)
                .filter(wanted -> tuning.device().tries(wanted.problem(), wanted.shape()))
                .mapToDouble(this::millis)
                .sum();
    }

    private static LayerKernels onCpu(LinearSite site, InputQuantization input) {
        MxGemmSpec product = MxGemmSpec.exact(input.split().pairs(), Epilogue.NONE, ScalarType.FP32);
        OperandLayout layout = KernelProblem.usual(product, Target.CPU).layout();
        return new LayerKernels(site, input, layout, product.tolerance(), KernelProblem.Scope.ALL);
    }

    private LayerKernels onGpu(LinearSite site, InputQuantization input, Target target) {
        MxGemmSpec product = KernelProblem.product(input.split().pairs(), target, folding);
        KernelProblem.Scope scope = KernelProblem.Scope.of(folding);
        List<Integer> channels =
                input.split().partitions().stream().map(Partition::channels).toList();
        int outputs = site.products().get(0).outputs();
        OperandLayout layout = tuning.chooser().layout(product, target, scope, outputs, channels);
        return new LayerKernels(site, input, layout, product.tolerance(), scope);
    }

    private double millis(LayerKernels.Wanted wanted) {
        Double before = known.get(wanted);
        if (before == null) {
            before = measure(wanted);
            known.put(wanted, before);
        }
        return before;
    }

    private double measure(LayerKernels.Wanted wanted) {
        KernelVariant variant = tuning.choose(wanted.problem(), wanted.shape());
        TunedKernel chosen = TunedKernel.choose(tuning, wanted.problem(), wanted.shape());
        if (chosen.millis().isPresent() && wanted.shape().equals(wanted.shape().bucketed())) {
            return chosen.millis().getAsDouble();
        }
        WisdomRecord tried = tuning.race(List.of(variant), wanted.shape()).get(0);
        return tried.outcome()
                .timing()
                .map(Timing::median)
                .orElseThrow(() -> new MxForgeException(variant.text() + " could not be timed on "
                        + wanted.shape().text() + ": its result was not right, or it did not end ("
                        + tried.outcome() + ")"));
    }
}
