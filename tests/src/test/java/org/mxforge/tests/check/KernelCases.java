package org.mxforge.tests.check;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.check.CheckCase;
import org.mxforge.runtime.check.Checker;
import org.mxforge.runtime.check.Device;
import org.mxforge.runtime.check.Extent;
import org.mxforge.runtime.check.Outcome;
import org.mxforge.runtime.check.Sizes;

/** Random cases: they shrink to few partitions, the first algorithm and configuration, small sizes, and data that is exact. */
public final class KernelCases {
    private KernelCases() {}

    /**
     * Cases of kernels of {@code specs}, in any algorithm and configuration worth trying that any of {@code targets} has for them; without
     * passes before them, which are kernels of their own.
     */
    public static Arbitrary<CheckCase> of(Arbitrary<? extends KernelSpec> specs, Device device, Target... targets) {
        return specs.filter(spec -> !usual(spec, targets).isEmpty())
                .flatMap(spec -> Arbitraries.of(usual(spec, targets)))
                .flatMap(KernelCases::configured)
                .flatMap(variant -> of(variant, device));
    }

    private static List<KernelVariant> usual(KernelSpec spec, Target... targets) {
        List<KernelVariant> variants = new ArrayList<>();
        for (Target target : targets) {
            KernelKinds.algorithms(spec, target).stream()
                    .filter(algorithm -> algorithm.kernel() == algorithm)
                    .map(algorithm -> KernelVariant.of(spec, algorithm, target))
                    .forEach(variants::add);
        }
        return variants;
    }

    private static Arbitrary<KernelVariant> configured(KernelVariant usual) {
        return Arbitraries.of(
                        usual.algorithm().space(usual.spec(), usual.target()).legal())
                .map(configuration -> KernelVariant.of(usual.spec(), usual.algorithm(), usual.target(), configuration));
    }

    /** Cases of one kernel: ragged sizes, every class of data. */
    public static Arbitrary<CheckCase> of(KernelVariant variant, Device device) {
        CheckCase usual = CheckCase.usual(variant, device);
        Arbitrary<Sizes> sizes = Arbitraries.just(usual.sizes());
        for (Extent extent : CheckCase.extents(variant.spec())) {
            Arbitrary<List<Integer>> own = Arbitraries.integers()
                    .between(0, extent.steps())
                    .map(extent::at)
                    .list()
                    .ofSize(extent.count());
            sizes = Combinators.combine(sizes, own).as((all, values) -> all.with(extent.name(), values));
        }
        return Combinators.combine(
                        sizes,
                        Arbitraries.of(
                                CheckCase.data(variant.spec()).stream().sorted().toList()),
                        Arbitraries.longs().between(0, 999))
                .as((drawn, data, seed) -> usual.with(drawn).with(data).with(seed));
    }

    /** Fails with the line that shows it again if {@code of} is not right. */
    public static void assertRight(Checker checker, CheckCase of) {
        Outcome outcome = checker.check(of);
        if (!outcome.isRight()) {
            throw new AssertionError(outcome.sentence());
        }
    }
}
