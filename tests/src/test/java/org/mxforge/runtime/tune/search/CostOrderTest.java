package org.mxforge.runtime.tune.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.cost.CostModel;
import org.mxforge.runtime.tune.search.Tuning.Choice;

class CostOrderTest {
    private static final List<Target> GPUS = List.of(Target.SM_80, Target.SM_90A, Target.SM_100A, Target.SM_120A);
    private static final KernelProblem PLAIN =
            new KernelProblem(new DenseGemmSpec(Epilogue.NONE, ScalarType.BF16), OperandLayout.PLAIN);
    private static final CostModel H200 = CostModel.of(Target.SM_90A, "NVIDIA H200", 132);

    /** A problem on a GPU. */
    record Problem(KernelProblem kernel, GemmShape shape, Target target) {
        CostModel model() {
            return CostModel.typical(target);
        }

        List<KernelVariant> legal() {
            return kernel.variants(target);
        }
    }

    private static KernelProblem mixed(ElementFormat activation, ElementFormat weight) {
        return new KernelProblem(
                MxGemmSpec.exact(List.of(new FormatPair(activation, weight)), Epilogue.NONE, ScalarType.BF16),
                OperandLayout.TILED);
    }

    @Provide
    Arbitrary<Problem> problems() {
        Arbitrary<ElementFormat> formats = Arbitraries.of(ElementFormat.values());
        Arbitrary<KernelProblem> packed = Combinators.combine(formats, formats).as(CostOrderTest::mixed);
        Arbitrary<GemmShape> shapes = Combinators.combine(
                        Arbitraries.integers().between(1, 20_000),
                        Arbitraries.integers().between(1, 20_000),
                        Arbitraries.integers().between(1, 500))
                .as((m, n, groups) -> new GemmShape(m, n, List.of(GroupLayout.GROUP * groups)));
        return Combinators.combine(Arbitraries.oneOf(packed, Arbitraries.just(PLAIN)), shapes, Arbitraries.of(GPUS))
                .as(Problem::new);
    }

    @Property(tries = 200)
    void onlyLegalConfigurationsAreRankedByTimeAndNeverTwice(@ForAll("problems") Problem problem) {
        List<KernelVariant> order =
                new CostOrder(problem.model()::millis, 2).order(problem.kernel(), problem.target(), problem.shape());
        assertThat(order).isNotEmpty().doesNotHaveDuplicates().isSubsetOf(problem.legal());
        List<Double> times = order.stream().map(c -> millis(problem, c)).toList();
        assertThat(times).isSorted();
        double best = problem.legal().stream()
                .mapToDouble(c -> millis(problem, c))
                .min()
                .orElseThrow();
        assertThat(times.get(0)).isEqualTo(best);
        assertThat(problem.legal())
                .filteredOn(c -> millis(problem, c) <= 2 * best)
                .hasSameSizeAs(order);
    }

    private static double millis(Problem problem, KernelVariant variant) {
        return problem.model().millis(variant, problem.shape()).orElseThrow();
    }

    @Example
    void aFewRowsWantAShortTileAndManyRowsATallOne() {
        CostOrder order = CostOrder.of(H200);
        KernelProblem problem = mixed(ElementFormat.E2M1, ElementFormat.E2M1);
        KernelVariant few = order.order(problem, Target.SM_90A, new GemmShape(1, 4096, List.of(4096)))
                .get(0);
        KernelVariant many = order.order(problem, Target.SM_90A, new GemmShape(8192, 4096, List.of(4096)))
                .get(0);
        assertThat(few.configuration().get("bm")).isEqualTo(16);
        assertThat(many.configuration().get("bm")).isGreaterThanOrEqualTo(64);
        assertThat(order.origin()).isEqualTo(Choice.Origin.ESTIMATE);
    }

    @Example
    void estimatesThatAreFittedToNothingDoNotOverruleTheRule() {
        GemmShape shape = new GemmShape(1, 4096, List.of(4096));
        CostOrder.Estimates unfitted = new CostOrder.Estimates() {
            @Override
            public OptionalDouble millis(KernelVariant variant, KernelShape size) {
                return H200.millis(variant, size);
            }

            @Override
            public boolean areFitted(KernelProblem problem, KernelShape size) {
                return false;
            }
        };
        List<KernelVariant> fitted = CostOrder.of(H200).order(PLAIN, Target.SM_90A, shape);
        List<KernelVariant> order = new CostOrder(unfitted, 2).order(PLAIN, Target.SM_90A, shape);
        KernelVariant usual = PLAIN.usual(Target.SM_90A, shape);
        assertThat(fitted.get(0)).isNotEqualTo(usual);
        assertThat(order)
                .startsWith(usual, fitted.get(0))
                .doesNotHaveDuplicates()
                .containsAll(fitted);
    }

    @Example
    void whatNoFamilyKnowsComesLastAndIsKept() {
        GemmShape shape = new GemmShape(512, 4096, List.of(4096));
        CostOrder silent = new CostOrder((variant, size) -> OptionalDouble.empty(), 1);
        assertThat(silent.order(PLAIN, Target.SM_90A, shape))
                .isEqualTo(SearchOrder.NEAR_DEFAULT.order(PLAIN, Target.SM_90A, shape));
        CostOrder.Estimates deepOnly =
                (variant, size) -> variant.configuration().get("bk") == 64
                        ? OptionalDouble.of(variant.configuration().get("bm"))
                        : OptionalDouble.empty();
        List<KernelVariant> order = new CostOrder(deepOnly, 1000).order(PLAIN, Target.SM_90A, shape);
        assertThat(order).containsExactlyInAnyOrderElementsOf(PLAIN.variants(Target.SM_90A));
        assertThat(order.stream().map(variant -> variant.configuration().get("bk")))
                .isSortedAccordingTo(Comparator.reverseOrder());
    }
}
