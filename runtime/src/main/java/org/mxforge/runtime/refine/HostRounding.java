package org.mxforge.runtime.refine;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.SiteRounding;

/** Rounding on the host, with inputs from whatever device has them. */
final class HostRounding implements SiteRounding {
    private final Backend backend;
    private final SitePlan plan;
    private final int channels;
    private final Deque<float[]> plain = new ArrayDeque<>();
    private final Products inputs;
    private Optional<Products> cross = Optional.empty();

    HostRounding(Backend backend, SitePlan plan) {
        this.backend = backend;
        this.plan = plan;
        this.channels = plan.site().channels();
        this.inputs = new Products(channels);
    }

    @Override
    public void plain(LinearInput input) {
        plain.add(values(input));
        cross = cross.or(() -> Optional.of(new Products(channels)));
    }

    @Override
    public void add(LinearInput input) {
        float[] rounded = plan.quantized(plan.order().of(Side.ACTIVATION, values(input)));
        inputs.add(rounded, rounded, input.rows());
        cross.ifPresent(sums -> sums.add(rounded, plan.order().of(Side.ACTIVATION, plain.remove()), input.rows()));
    }

    private float[] values(LinearInput input) {
        float[] values = backend.download(input);
        InputPass.checkFinite(plan.site().name(), values);
        return values;
    }

    @Override
    public Optional<Rounded> round(float[] weight) {
        double ridge = inputs.trace() / channels;
        if (ridge == 0) {
            return Optional.empty();
        }
        double[] target = doubles(weight);
        int damped = 0;
        if (cross.isPresent()) {
            double[] right = LinearAlgebra.timesTransposed(target, cross.get().sum(), channels);
            for (int i = 0; i < right.length; i++) {
                right[i] += ridge * target[i];
            }
            CholeskyFactor strong = CholeskyFactor.of(inputs.sum(), channels, ridge);
            damped += strong.damped();
            target = strong.solve(right);
        }
        CholeskyFactor weak = CholeskyFactor.of(inputs.sum(), channels, 0.01 * ridge);
        return Optional.of(new Rounded(
                WeightRounding.of(target, plan.input().split(), weak.inverseRoot()), damped + weak.damped()));
    }

    static double[] doubles(float[] values) {
        double[] wide = new double[values.length];
        Arrays.setAll(wide, i -> values[i]);
        return wide;
    }

    @Override
    public void close() {
        plain.clear();
    }
}
