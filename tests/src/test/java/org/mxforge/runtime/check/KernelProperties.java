package org.mxforge.runtime.check;

import static org.mxforge.tests.check.KernelCases.assertRight;

import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyAttributes;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.tests.check.KernelCases;
import org.mxforge.tests.check.KernelSpecs;

/**
 * Random kernels of every kind, in random algorithms, configurations, sizes and data: what they compute is right. A first look draws a few of
 * each, always the same; others draw so many times as many, others each time.
 */
abstract class KernelProperties {
    static final int FIRST_LOOK = 1;
    static final int MOST_PARTITIONS = 3;

    static final Checker CHECKER = new Checker();

    private final int times;
    private final Device device;
    private final Target[] targets;

    /** @param times as many as in a first look */
    KernelProperties(int times, Device device, Target... targets) {
        this.times = times;
        this.device = device;
        this.targets = targets;
    }

    /** Says how many are drawn, and from which seed. */
    static final class Tries implements AroundPropertyHook {
        @Override
        public PropagationMode propagateTo() {
            return PropagationMode.ALL_DESCENDANTS;
        }

        @Override
        public PropertyExecutionResult aroundProperty(PropertyLifecycleContext context, PropertyExecutor property) {
            int times = ((KernelProperties) context.testInstance()).times;
            PropertyAttributes attributes = context.attributes();
            attributes.setTries(times * attributes.tries().orElseThrow());
            if (times == FIRST_LOOK) {
                attributes.setSeed("2026");
            }
            return property.execute();
        }
    }

    @Property(tries = 5)
    void gemms(@ForAll("gemms") CheckCase of) {
        check(of);
    }

    @Property(tries = 6)
    void hopperGemms(@ForAll("hopperGemms") CheckCase of) {
        check(of);
    }

    @Property(tries = 3)
    void grouped(@ForAll("grouped") CheckCase of) {
        check(of);
    }

    @Property(tries = 5)
    void dense(@ForAll("dense") CheckCase of) {
        check(of);
    }

    @Property(tries = 6)
    void quantizers(@ForAll("quantizers") CheckCase of) {
        check(of);
    }

    @Property(tries = 6)
    void passes(@ForAll("passes") CheckCase of) {
        check(of);
    }

    @Property(tries = 4)
    void attention(@ForAll("attention") CheckCase of) {
        check(of);
    }

    @Property(tries = 24)
    void rows(@ForAll("rows") CheckCase of) {
        check(of);
    }

    @Property(tries = 3)
    void operandsSwapped(@ForAll("products") Metamorphic of) {
        of.swapped();
    }

    @Property(tries = 3)
    void channelsInTwo(@ForAll("products") Metamorphic of) {
        of.split();
    }

    @Property(tries = 3)
    void channelsPermuted(@ForAll("products") Metamorphic of) {
        of.permuted();
    }

    @Property(tries = 3)
    void aRowScaled(@ForAll("products") Metamorphic of) {
        of.scaled();
    }

    @Property(tries = 4)
    void aRowQuantizedScaled(@ForAll("withoutNorms") CheckCase of) {
        new ChangedOperands(of).rowScaled();
    }

    @Property(tries = 4)
    void channelsMovedWithTheirOrder(@ForAll("random") CheckCase of) {
        new ChangedOperands(of).channelsMoved();
    }

    @Property(tries = 3)
    void pagesMovedWithTheirTable(@ForAll("attention") CheckCase of) {
        new ChangedOperands(of).pagesMoved();
    }

    @Property(tries = 3)
    void queriesKeysAndValuesScaled(@ForAll("uncompressed") CheckCase of) {
        new ChangedOperands(of).valuesScaled();
    }

    @AfterContainer
    static void close() {
        CHECKER.close();
    }

    /** One at a time: what shrinks a failure may still be at it when its time is over. */
    void check(CheckCase of) {
        synchronized (CHECKER) {
            assertRight(CHECKER, of);
        }
    }

    private Arbitrary<CheckCase> cases(Arbitrary<? extends KernelSpec> specs) {
        return KernelCases.of(specs, device, targets);
    }

    @Provide
    Arbitrary<CheckCase> gemms() {
        return cases(KernelSpecs.gemm(MOST_PARTITIONS));
    }

    /** Those that fold scales into FP8, and the others that their target has. */
    @Provide
    Arbitrary<CheckCase> hopperGemms() {
        return KernelCases.of(
                KernelSpecs.gemm(MOST_PARTITIONS).filter(spec -> spec.groups().isMx()), device, Target.SM_90A);
    }

    @Provide
    Arbitrary<CheckCase> grouped() {
        return cases(KernelSpecs.grouped(MOST_PARTITIONS));
    }

    @Provide
    Arbitrary<CheckCase> dense() {
        return cases(KernelSpecs.dense());
    }

    @Provide
    Arbitrary<CheckCase> quantizers() {
        return cases(KernelSpecs.quantize(MOST_PARTITIONS));
    }

    /** Quantizers of normally distributed numbers, whose scales lie far from both ends. */
    @Provide
    Arbitrary<CheckCase> random() {
        return quantizers().map(of -> of.with(Data.RANDOM));
    }

    /** Those of what is as large as their operands, row by row. */
    @Provide
    Arbitrary<CheckCase> withoutNorms() {
        return random().filter(of -> {
            MxQuantizeSpec spec = (MxQuantizeSpec) of.variant().spec();
            return !spec.prologue().norms() && !spec.rows().indexed();
        });
    }

    @Provide
    Arbitrary<CheckCase> passes() {
        return cases(KernelSpecs.passes());
    }

    @Provide
    Arbitrary<CheckCase> attention() {
        return cases(KernelSpecs.attention());
    }

    /** Over caches of BF16. */
    @Provide
    Arbitrary<CheckCase> uncompressed() {
        return attention().filter(of -> ((AttentionSpec) of.variant().spec()).cache() == CacheFormat.BF16);
    }

    @Provide
    Arbitrary<CheckCase> rows() {
        return cases(KernelSpecs.plain());
    }

    /** Exact products of one pair, by whatever algorithm holds for it both ways round. */
    @Provide
    Arbitrary<Metamorphic> products() {
        return Combinators.combine(
                        Arbitraries.of(targets).flatMap(KernelProperties::algorithms),
                        Arbitraries.integers().between(1, 80),
                        Arbitraries.integers().between(1, 140),
                        Arbitraries.integers().between(2, 9),
                        Arbitraries.longs().between(0, 999))
                .as((way, m, n, groups, seed) ->
                        new Metamorphic(device, way.target(), way.algorithm(), way.pair(), m, n, 32 * groups, seed));
    }

    private record Way(Target target, String algorithm, FormatPair pair) {}

    private static Arbitrary<Way> algorithms(Target target) {
        return Arbitraries.of(FormatPair.all().stream()
                .flatMap(pair -> names(pair, target)
                        .filter(name -> names(new FormatPair(pair.weight(), pair.activation()), target)
                                .anyMatch(name::equals))
                        .map(name -> new Way(target, name, pair)))
                .toList());
    }

    private static Stream<String> names(FormatPair pair, Target target) {
        MxGemmSpec spec = MxGemmSpec.exact(List.of(pair), Epilogue.NONE, ScalarType.FP32);
        return KernelKinds.algorithms(spec, target).stream()
                .filter(algorithm -> algorithm.kernel() == algorithm)
                .map(Algorithm::name);
    }
}
