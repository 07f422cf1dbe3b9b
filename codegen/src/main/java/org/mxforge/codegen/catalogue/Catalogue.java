package org.mxforge.codegen.catalogue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.dsl.spec.CrossEntropySpec;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.EmbeddingSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.ExpertChoiceSpec;
import org.mxforge.dsl.spec.ExpertOrderSpec;
import org.mxforge.dsl.spec.ExpertSumSpec;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.KvAppendSpec;
import org.mxforge.dsl.spec.MxExpandSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.MxUnpackSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.spec.RmsNormSpec;
import org.mxforge.dsl.spec.RopeSpec;
import org.mxforge.dsl.spec.RouterSpec;
import org.mxforge.dsl.spec.RowGatherSpec;
import org.mxforge.dsl.spec.RowScatterAddSpec;
import org.mxforge.dsl.spec.SamplingSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.SiluMulSpec;
import org.mxforge.dsl.spec.SoftmaxSpec;
import org.mxforge.dsl.target.Target;

/**
 * What the standard catalogue holds: all 25 format pairs, MicroMix's mixed splits, every epilogue, output type, prologue and
 * scale rule, and the plain kernels of a decoder.
 */
public final class Catalogue {
    /** MicroMix's partitions with all weights in FP4 (its main branch). */
    public static final List<FormatPair> MICROMIX_W4 = pairs("e2m1xe2m1", "e3m2xe2m1", "e4m3xe2m1");

    /** MicroMix's partitions with the weights of each in the activation's format. */
    public static final List<FormatPair> MICROMIX_MATCHED = pairs("e2m1xe2m1", "e3m2xe3m2", "e4m3xe4m3");

    /** The same with the FP6 format that keeps precision. */
    public static final List<FormatPair> MICROMIX_MATCHED_E2M3 = pairs("e2m1xe2m1", "e2m3xe2m3", "e4m3xe4m3");

    private Catalogue() {}

    /** The CUDA kernels, each with its default configuration for the oldest target of its family. */
    public static List<KernelVariant> cuda() {
        return Stream.concat(
                        portable().map(spec -> KernelVariant.of(spec, Target.SM_80)),
                        hopper().map(spec -> KernelVariant.of(spec, Target.SM_90A)))
                .toList();
    }

    /** The specs of the CUDA kernels that {@code target} has. */
    public static List<KernelSpec> cuda(Target target) {
        return (target == Target.SM_90A ? Stream.concat(portable(), hopper()) : portable()).toList();
    }

    private static Stream<KernelSpec> portable() {
        return Stream.of(
                        gemms(GroupLayout.TILED, ScalarType.BF16),
                        groupedGemms(),
                        denseGemms(),
                        quantizers(GroupLayout.TILED, ScalarType.BF16),
                        plain())
                .flatMap(List::stream);
    }

    /** Each layout for wgmma with the pairs that it is for, and MicroMix's mixed split with every epilogue. */
    private static Stream<KernelSpec> hopper() {
        List<KernelSpec> specs = new ArrayList<>();
        for (String pair : List.of("e2m1xe2m1", "e3m2xe3m2")) {
            specs.add(folded(GroupLayout.STREAMED, pairs(pair), Epilogue.NONE));
        }
        specs.add(folded(GroupLayout.FOLDED, pairs("e2m3xe2m3"), Epilogue.NONE));
        specs.add(folded(GroupLayout.FOLDED.asRelaxed(), pairs("e4m3xe4m3"), Epilogue.NONE));
        specs.add(folded(GroupLayout.EXPANDED, MICROMIX_MATCHED, Epilogue.NONE));
        for (Epilogue epilogue : Epilogue.values()) {
            specs.add(folded(GroupLayout.STREAMED.asRelaxed(), MICROMIX_MATCHED, epilogue));
        }
        specs.add(new MxExpandSpec(ElementFormat.E4M3));
        specs.add(new MxUnpackSpec(ElementFormat.E2M1));
        specs.add(new MxUnpackSpec(ElementFormat.E3M2));
        List<ElementFormat> micromix = List.of(ElementFormat.E2M1, ElementFormat.E3M2, ElementFormat.E4M3);
        for (Prologue prologue : Prologue.values()) {
            specs.add(new MxQuantizeSpec(
                    Side.ACTIVATION,
                    micromix,
                    ScaleRule.CEIL,
                    GroupLayout.FOLDED.asRelaxed(),
                    prologue,
                    ScalarType.BF16));
        }
        return specs.stream();
    }

    private static KernelSpec folded(GroupLayout groups, List<FormatPair> pairs, Epilogue epilogue) {
        return new MxGemmSpec(pairs, groups, epilogue, ScalarType.BF16);
    }

    /** The CPU kernels. */
    public static List<KernelVariant> cpu() {
        return Stream.of(
                        gemms(GroupLayout.ROWS, ScalarType.FP32),
                        List.<KernelSpec>of(new DenseGemmSpec(Epilogue.NONE, ScalarType.FP32)),
                        quantizers(GroupLayout.ROWS, ScalarType.FP32))
                .flatMap(List::stream)
                .map(spec -> KernelVariant.of(spec, Target.CPU))
                .toList();
    }

    /** All 25 pairs alone and the mixed splits, then the epilogues and outputs on one of them. */
    public static List<KernelSpec> gemms(GroupLayout groups, ScalarType output) {
        List<KernelSpec> specs = new ArrayList<>();
        for (FormatPair pair : FormatPair.all()) {
            specs.add(new MxGemmSpec(List.of(pair), groups, Epilogue.NONE, output));
        }
        for (List<FormatPair> mixed : mixed()) {
            specs.add(new MxGemmSpec(mixed, groups, Epilogue.NONE, output));
        }
        for (Epilogue epilogue : Epilogue.values()) {
            if (epilogue != Epilogue.NONE) {
                specs.add(new MxGemmSpec(MICROMIX_W4, groups, epilogue, output));
            }
        }
        for (ScalarType other : ScalarType.values()) {
            if (other != output && groups.equals(GroupLayout.TILED)) {
                specs.add(new MxGemmSpec(MICROMIX_W4, groups, Epilogue.NONE, other));
            }
        }
        return List.copyOf(specs);
    }

    /** Mixed splits: MicroMix's own, in two and three parts, and some that it cannot express. */
    public static List<List<FormatPair>> mixed() {
        return List.of(
                MICROMIX_W4,
                MICROMIX_MATCHED,
                MICROMIX_MATCHED_E2M3,
                pairs("e2m1xe2m1", "e3m2xe2m1"),
                pairs("e2m1xe2m1", "e4m3xe2m1"),
                pairs("e2m1xe2m1", "e4m3xe4m3"),
                pairs("e3m2xe2m1", "e4m3xe2m1"),
                pairs("e2m3xe2m3", "e4m3xe4m3"),
                pairs("e2m1xe3m2", "e5m2xe4m3"),
                pairs("e4m3xe4m3", "e2m1xe2m1", "e4m3xe4m3"),
                pairs("e2m1xe2m1", "e3m2xe3m2", "e2m3xe2m3", "e4m3xe4m3", "e5m2xe5m2"));
    }

    /** Experts in FP4 and in MicroMix's mixed split: their two products of the input, and the one of the output. */
    private static List<KernelSpec> groupedGemms() {
        List<KernelSpec> specs = new ArrayList<>();
        for (List<FormatPair> pairs : List.of(pairs("e2m1xe2m1"), MICROMIX_W4)) {
            for (Epilogue epilogue : List.of(Epilogue.NONE, Epilogue.SILU_MUL)) {
                specs.add(new MxGroupedGemmSpec(new MxGemmSpec(pairs, GroupLayout.TILED, epilogue, ScalarType.BF16)));
            }
        }
        return specs;
    }

    private static List<KernelSpec> denseGemms() {
        List<KernelSpec> specs = new ArrayList<>();
        for (Epilogue epilogue : Epilogue.values()) {
            specs.add(new DenseGemmSpec(epilogue, ScalarType.BF16));
        }
        specs.add(new DenseGemmSpec(Epilogue.NONE, ScalarType.FP32));
        return specs;
    }

    /** Each format alone, MicroMix's three in every prologue and rule, and the weight side. */
    private static List<KernelSpec> quantizers(GroupLayout groups, ScalarType source) {
        List<ElementFormat> micromix = List.of(ElementFormat.E2M1, ElementFormat.E3M2, ElementFormat.E4M3);
        List<KernelSpec> specs = new ArrayList<>();
        for (ElementFormat format : ElementFormat.values()) {
            specs.add(new MxQuantizeSpec(
                    Side.ACTIVATION, List.of(format), ScaleRule.CEIL, groups, Prologue.NONE, source));
        }
        for (Prologue prologue : Prologue.values()) {
            specs.add(new MxQuantizeSpec(Side.ACTIVATION, micromix, ScaleRule.CEIL, groups, prologue, source));
        }
        if (source != ScalarType.FP32) {
            // The residual stream is FP32.
            specs.add(new MxQuantizeSpec(
                    Side.ACTIVATION, micromix, ScaleRule.CEIL, groups, Prologue.RMSNORM, ScalarType.FP32));
        }
        specs.add(new MxQuantizeSpec(Side.ACTIVATION, micromix, ScaleRule.FLOOR, groups, Prologue.NONE, source));
        specs.add(new MxQuantizeSpec(Side.ACTIVATION, micromix, ScaleRule.EVEN, groups, Prologue.NONE, source));
        specs.add(new MxQuantizeSpec(Side.WEIGHT, micromix, ScaleRule.CEIL, groups, Prologue.NONE, source));
        specs.add(new MxQuantizeSpec(
                Side.WEIGHT, List.of(ElementFormat.E2M1), ScaleRule.CEIL, groups, Prologue.NONE, source));
        return specs;
    }

    private static List<KernelSpec> plain() {
        return List.of(
                new RmsNormSpec(ScalarType.FP32, ScalarType.BF16),
                new SiluMulSpec(),
                new RopeSpec(),
                new KvAppendSpec(),
                new RouterSpec(),
                new ExpertChoiceSpec(),
                new ExpertOrderSpec(),
                new ExpertSumSpec(ScalarType.FP32),
                new AttentionSpec(64),
                new AttentionSpec(128),
                new EmbeddingSpec(ScalarType.FP32),
                new RowGatherSpec(ScalarType.FP32),
                new RowScatterAddSpec(ScalarType.FP32),
                new SoftmaxSpec(),
                new SamplingSpec(),
                new CrossEntropySpec());
    }

    private static List<FormatPair> pairs(String... texts) {
        return Stream.of(texts).map(FormatPair::parse).toList();
    }
}
