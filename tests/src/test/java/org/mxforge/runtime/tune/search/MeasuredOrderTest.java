package org.mxforge.runtime.tune.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.RingTiling;
import org.mxforge.dsl.tile.StreamTiling;
import org.mxforge.runtime.tune.cost.CostModel;
import org.mxforge.runtime.tune.wisdom.WisdomFolder;
import org.mxforge.runtime.tune.wisdom.WisdomKey;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;

/** What the cost model ranks first, against what was measured to be fastest: what {@code --tune estimate} costs. */
class MeasuredOrderTest {
    private static final String DEVICE = "NVIDIA H100 80GB HBM3";

    @TempDir
    Path nothing;

    private final CostOrder order = CostOrder.of(CostModel.of(Target.SM_90A, DEVICE, 132));

    /** How many times the best that was measured the model's first takes, of what there was then; empty if that was not tried. */
    private OptionalDouble loss(WisdomFolder.Known known) {
        WisdomKey key = known.key();
        Map<KernelVariant, Double> measured = new HashMap<>();
        for (WisdomRecord entry : known.records()) {
            entry.outcome().timing().ifPresent(timing -> measured.merge(entry.variant(), timing.median(), Math::min));
        }
        KernelVariant first = order.order(key.problem(), key.target(), key.shape()).stream()
                .filter(variant -> !isYounger(variant))
                .findFirst()
                .orElseThrow();
        return measured.containsKey(first)
                ? OptionalDouble.of(measured.get(first) / Collections.min(measured.values()))
                : OptionalDouble.empty();
    }

    /** Rings of weights, and products that one or two tokens share, were not there yet when the H100 was measured. */
    private static boolean isYounger(KernelVariant variant) {
        return variant.tiling() instanceof RingTiling
                || variant.tiling() instanceof StreamTiling stream && StreamTiling.isJoint(stream.tokens());
    }

    @Test
    void theFirstIsNearlyTheFastest() {
        List<WisdomFolder.Known> shipped = new WisdomFolder(nothing)
                .known().stream()
                        .filter(known -> known.key().device().equals(DEVICE))
                        .toList();
        Map<String, Collection<Double>> losses = new TreeMap<>();
        int untried = 0;
        for (WisdomFolder.Known known : shipped) {
            WisdomKey key = known.key();
            if (key.spec() instanceof MxGemmSpec gemm) {
                OptionalDouble loss = loss(known);
                untried += loss.isEmpty() ? 1 : 0;
                loss.ifPresent(value -> losses.computeIfAbsent(
                                gemm.pairs() + " " + key.problem().layout() + " m"
                                        + key.shape().m(),
                                unused -> new ArrayList<>())
                        .add(value));
            }
        }
        assertThat(losses).hasSizeGreaterThan(10);
        assertThat(untried).isLessThan(shipped.size() / 10);
        losses.forEach((kind, values) -> {
            double logs = values.stream().mapToDouble(Math::log).sum();
            assertThat(Math.exp(logs / values.size())).as(kind).isLessThan(1.04);
            // The worst: 148 tiles on 132 multiprocessors, which the model takes for twice as long as 132.
            assertThat(values).as(kind).allMatch(value -> value < 1.35);
        });
    }
}
