package org.mxforge.dsl.spec;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleFormat;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.ExpertTiles;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;

/** Random kernel specs of every kind, legal by construction. */
final class SpecArbitraries {
    private static final Arbitrary<GroupLayout> GROUPS =
            Arbitraries.of(16, 32, 64).map(size -> new GroupLayout(size, ScaleFormat.E8M0));

    private static final Arbitrary<Tolerance> TOLERANCES = Arbitraries.of(Tolerance.class);

    private SpecArbitraries() {}

    static Arbitrary<KernelSpec> any() {
        return Arbitraries.frequencyOf(
                Tuple.of(6, gemm()),
                Tuple.of(
                        3,
                        Combinators.combine(gemm(), Arbitraries.of(ExpertTiles.MANY, ExpertTiles.FEW))
                                .as(MxGroupedGemmSpec::new)),
                Tuple.of(6, quantize()),
                Tuple.of(2, dense()),
                Tuple.of(2, passes()),
                Tuple.of(2, Arbitraries.integers().between(1, 32).map(n -> new AttentionSpec(8 * n))),
                Tuple.of(2, Arbitraries.of(CacheFormat.class).map(cache -> new AttentionSpec(96, cache))),
                Tuple.of(4, plain()));
    }

    private static Arbitrary<KernelSpec> plain() {
        return Arbitraries.of(
                new RmsNormSpec(ScalarType.BF16, OperandLayout.PLAIN),
                new RmsNormSpec(ScalarType.FP32, OperandLayout.BF16),
                new SiluMulSpec(OperandLayout.PLAIN),
                new SiluMulSpec(OperandLayout.BF16),
                new KvAppendSpec(false, CacheFormat.INT4),
                new KvAppendSpec(true, CacheFormat.BF16),
                new RouterSpec(),
                new ExpertChoiceSpec(),
                new ExpertOrderSpec(),
                new ExpertOrderSpec(ExpertTiles.FEW),
                new ExpertSumSpec(ScalarType.BF16),
                new ExpertSumSpec(ScalarType.FP32),
                new EmbeddingSpec(ScalarType.BF16),
                new EmbeddingSpec(ScalarType.FP32),
                new RowGatherSpec(ScalarType.BF16),
                new RowGatherSpec(ScalarType.FP32),
                new RowScatterAddSpec(ScalarType.BF16),
                new RowScatterAddSpec(ScalarType.FP32),
                new PartSumSpec(2),
                new PartSumSpec(8),
                new PartJoinSpec(4),
                new SoftmaxSpec(),
                new SamplingSpec(),
                new CrossEntropySpec());
    }

    private static Arbitrary<MxGemmSpec> gemm() {
        return Combinators.combine(
                        Arbitraries.of(FormatPair.all()).list().ofMinSize(1).ofMaxSize(ChannelSplit.MAX_PARTITIONS),
                        GROUPS,
                        Arbitraries.of(Epilogue.class),
                        Arbitraries.of(ScalarType.class),
                        TOLERANCES)
                .as(MxGemmSpec::new);
    }

    private static Arbitrary<KernelSpec> dense() {
        Arbitrary<Epilogue> epilogues = Arbitraries.of(Epilogue.class);
        Arbitrary<ScalarType> outputs = Arbitraries.of(ScalarType.class);
        return Arbitraries.oneOf(
                Combinators.combine(epilogues, outputs).as(DenseGemmSpec::new),
                Combinators.combine(epilogues, outputs).as(Int8GemmSpec::new),
                Combinators.combine(Arbitraries.of(Prologue.class), Arbitraries.of(ScalarType.BF16, ScalarType.FP32))
                        .as(Int8QuantizeSpec::new));
    }

    private static Arbitrary<KernelSpec> passes() {
        Arbitrary<KernelSpec> unpack =
                Arbitraries.of(ElementFormat.E2M1, ElementFormat.E3M2).map(MxUnpackSpec::new);
        Arbitrary<KernelSpec> fold = Combinators.combine(
                        Arbitraries.of(ElementFormat.E2M1, ElementFormat.E3M2, ElementFormat.E2M3)
                                .list()
                                .ofMinSize(1)
                                .ofMaxSize(ChannelSplit.MAX_PARTITIONS),
                        Arbitraries.of(OperandLayout.FRAGMENTS, OperandLayout.CONTAINERS))
                .as(MxFoldSpec::new);
        return Arbitraries.oneOf(
                Arbitraries.of(ElementFormat.class).map(MxExpandSpec::new),
                unpack,
                fold,
                Arbitraries.just(new DenseTileSpec()));
    }

    private static Arbitrary<KernelSpec> quantize() {
        Arbitrary<List<ElementFormat>> formats =
                Arbitraries.of(ElementFormat.class).list().ofMinSize(1).ofMaxSize(ChannelSplit.MAX_PARTITIONS);
        return Combinators.combine(
                        Arbitraries.of(Side.class),
                        formats,
                        Arbitraries.of(ScaleRule.class),
                        GROUPS,
                        Arbitraries.of(Prologue.class),
                        Arbitraries.of(ScalarType.BF16, ScalarType.FP32),
                        TOLERANCES,
                        Arbitraries.of(GroupTransform.class))
                .as((side, parts, rule, groups, prologue, source, tolerance, transform) -> new MxQuantizeSpec(
                        side,
                        parts,
                        rule,
                        groups,
                        side == Side.WEIGHT || !groups.isMx() ? GroupTransform.NONE : transform,
                        side == Side.WEIGHT ? Prologue.NONE : prologue,
                        source,
                        tolerance));
    }
}
