package org.mxforge.runtime.check;

import static org.mxforge.tests.check.KernelCases.assertRight;

import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.tests.check.KernelCases;
import org.mxforge.tests.check.KernelSpecs;

/** Random kernels of every kind, in random algorithms, configurations, sizes and data: what they compute is right. */
abstract class KernelProperties {
    private static final int MOST_PARTITIONS = 3;

    static final Checker CHECKER = new Checker();

    private final Device device;
    private final Target[] targets;

    KernelProperties(Device device, Target... targets) {
        this.device = device;
        this.targets = targets;
    }

    @AfterContainer
    static void close() {
        CHECKER.close();
    }

    void check(CheckCase of) {
        assertRight(CHECKER, of);
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

    @Provide
    Arbitrary<CheckCase> passes() {
        return cases(KernelSpecs.passes());
    }

    @Provide
    Arbitrary<CheckCase> attention() {
        return cases(KernelSpecs.attention());
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
