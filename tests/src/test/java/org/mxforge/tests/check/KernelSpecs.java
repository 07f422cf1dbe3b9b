package org.mxforge.tests.check;

import java.util.List;
import java.util.Optional;
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
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.dsl.spec.CrossEntropySpec;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.DenseTileSpec;
import org.mxforge.dsl.spec.EmbeddingSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.ExpertChoiceSpec;
import org.mxforge.dsl.spec.ExpertOrderSpec;
import org.mxforge.dsl.spec.ExpertRouteSpec;
import org.mxforge.dsl.spec.ExpertSumSpec;
import org.mxforge.dsl.spec.Fp64FactorSpec;
import org.mxforge.dsl.spec.Fp64GemmSpec;
import org.mxforge.dsl.spec.Fp64RowsSpec;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.dsl.spec.Int8GemmSpec;
import org.mxforge.dsl.spec.Int8QuantizeSpec;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KvAppendSpec;
import org.mxforge.dsl.spec.MxExpandSpec;
import org.mxforge.dsl.spec.MxFoldSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.MxRoundSpec;
import org.mxforge.dsl.spec.MxUnpackSpec;
import org.mxforge.dsl.spec.PartJoinSpec;
import org.mxforge.dsl.spec.PartSumSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.spec.RmsNormSpec;
import org.mxforge.dsl.spec.RouterSpec;
import org.mxforge.dsl.spec.RowGatherSpec;
import org.mxforge.dsl.spec.RowScatterAddSpec;
import org.mxforge.dsl.spec.SamplingSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.SiluMulSpec;
import org.mxforge.dsl.spec.SoftmaxSpec;
import org.mxforge.dsl.spec.TokenRouteSpec;
import org.mxforge.dsl.spec.Tolerance;

/** Random kernel specs of every kind, legal by construction. */
public final class KernelSpecs {
    private static final Arbitrary<GroupLayout> GROUPS =
            Arbitraries.of(16, 32, 64).map(size -> new GroupLayout(size, ScaleFormat.E8M0));

    private static final Arbitrary<Tolerance> TOLERANCES = Arbitraries.of(Tolerance.class);

    private KernelSpecs() {}

    /** Those of all kinds. */
    public static Arbitrary<KernelSpec> any() {
        return Arbitraries.frequencyOf(
                Tuple.of(6, gemm()),
                Tuple.of(3, grouped()),
                Tuple.of(6, quantize()),
                Tuple.of(2, dense()),
                Tuple.of(2, passes()),
                Tuple.of(4, attention()),
                Tuple.of(4, plain()));
    }

    /** Attention over caches of every format. */
    public static Arbitrary<KernelSpec> attention() {
        return Arbitraries.oneOf(
                Arbitraries.integers().between(1, 32).map(n -> new AttentionSpec(8 * n)),
                Arbitraries.of(CacheFormat.class).map(cache -> new AttentionSpec(96, cache)));
    }

    /** Kernels of rows. */
    public static Arbitrary<KernelSpec> plain() {
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
                new ExpertRouteSpec(),
                new TokenRouteSpec(),
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
                new Fp64GemmSpec(false, Fp64GemmSpec.Sum.SUBTRACT),
                new Fp64GemmSpec(true, Fp64GemmSpec.Sum.ADD),
                new Fp64FactorSpec(),
                new Fp64RowsSpec(ScalarType.FP32, OperandLayout.PLAIN, GroupTransform.NONE, Optional.empty()),
                new Fp64RowsSpec(
                        ScalarType.BF16, OperandLayout.BF16, GroupTransform.HADAMARD, Optional.of(ScaleRule.EVEN)),
                new MxRoundSpec(),
                new SoftmaxSpec(),
                new SamplingSpec(),
                new CrossEntropySpec());
    }

    /** Mixed products of experts. */
    static Arbitrary<KernelSpec> grouped() {
        return grouped(ChannelSplit.MAX_PARTITIONS);
    }

    /** The same of few partitions. */
    public static Arbitrary<KernelSpec> grouped(int mostPartitions) {
        return Combinators.combine(gemm(mostPartitions), Arbitraries.of(ExpertTiles.MANY, ExpertTiles.FEW))
                .as(MxGroupedGemmSpec::new);
    }

    /** Mixed products. */
    static Arbitrary<MxGemmSpec> gemm() {
        return gemm(ChannelSplit.MAX_PARTITIONS);
    }

    /** The same of few partitions, which compile faster. */
    public static Arbitrary<MxGemmSpec> gemm(int mostPartitions) {
        return Combinators.combine(
                        Arbitraries.of(FormatPair.all()).list().ofMinSize(1).ofMaxSize(mostPartitions),
                        GROUPS,
                        Arbitraries.of(Epilogue.class),
                        Arbitraries.of(ScalarType.class),
                        TOLERANCES)
                .as(MxGemmSpec::new);
    }

    /** Products of plain and of INT8 operands, and what quantizes to these. */
    public static Arbitrary<KernelSpec> dense() {
        Arbitrary<Epilogue> epilogues = Arbitraries.of(Epilogue.class);
        Arbitrary<ScalarType> outputs = Arbitraries.of(ScalarType.class);
        return Arbitraries.oneOf(
                Combinators.combine(epilogues, outputs).as(DenseGemmSpec::new),
                Combinators.combine(epilogues, outputs).as(Int8GemmSpec::new),
                Combinators.combine(
                                Arbitraries.of(Prologue.NONE, Prologue.RMSNORM, Prologue.SILU_MUL),
                                Arbitraries.of(ScalarType.BF16, ScalarType.FP32))
                        .as(Int8QuantizeSpec::new));
    }

    /** What brings operands into the form that others read. */
    public static Arbitrary<KernelSpec> passes() {
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

    /** Quantizers. */
    static Arbitrary<KernelSpec> quantize() {
        return quantize(ChannelSplit.MAX_PARTITIONS);
    }

    /** The same of few partitions. */
    public static Arbitrary<KernelSpec> quantize(int mostPartitions) {
        Arbitrary<List<ElementFormat>> formats =
                Arbitraries.of(ElementFormat.class).list().ofMinSize(1).ofMaxSize(mostPartitions);
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
                        tolerance))
                .flatMap(spec -> Arbitraries.of(MxQuantizeSpec.Rows.class)
                        .map(rows -> spec.side() == Side.WEIGHT ? spec : spec.with(rows)));
    }
}
