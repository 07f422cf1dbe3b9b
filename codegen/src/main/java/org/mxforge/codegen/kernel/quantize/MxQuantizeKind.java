package org.mxforge.codegen.kernel.quantize;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.launch.MxQuantizeArguments;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.shape.QuantizeShape;
import org.mxforge.dsl.shape.QuantizeWork;
import org.mxforge.dsl.shape.Work;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.dsl.spec.KernelRole;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.SpecText;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.spec.TunedKind;
import org.mxforge.dsl.target.Target;

/** Reorder-quantize: to packed codes on every GPU and the CPU, to FP8 containers on sm_90a. */
public final class MxQuantizeKind implements TunedKind<MxQuantizeSpec> {
    /** FP8 containers with the scales folded in. */
    public static final Algorithm<MxQuantizeSpec> CONTAINERS = new FoldQuantize(OperandLayout.CONTAINERS);

    /** The same for few rows, each of which a cluster takes. */
    public static final Algorithm<MxQuantizeSpec> SPREAD = new SpreadQuantize(OperandLayout.CONTAINERS);

    /** FP8 containers, and BF16 for formats that fill these: exact for every format. */
    public static final Algorithm<MxQuantizeSpec> MIXED = new FoldQuantize(OperandLayout.MIXED);

    /** The same for few rows. */
    public static final Algorithm<MxQuantizeSpec> SPREAD_MIXED = new SpreadQuantize(OperandLayout.MIXED);

    /** Packed codes, scales in tiles. */
    public static final Algorithm<MxQuantizeSpec> TILED = new PackQuantize("tiled", OperandLayout.TILED);

    /** Packed codes, scales in rows. */
    public static final Algorithm<MxQuantizeSpec> ROWS = new PackQuantize("rows", OperandLayout.ROWS);

    /** The same on the CPU. */
    public static final Algorithm<MxQuantizeSpec> ROWS_CPU = new RowsQuantize();

    private static final List<Algorithm<MxQuantizeSpec>> ALGORITHMS =
            List.of(CONTAINERS, SPREAD, MIXED, SPREAD_MIXED, TILED, ROWS, ROWS_CPU);

    private static final List<ElementFormat> MICROMIX =
            List.of(ElementFormat.E2M1, ElementFormat.E3M2, ElementFormat.E4M3);

    @Override
    public String stem() {
        return MxQuantizeSpec.STEM;
    }

    @Override
    public KernelRole role() {
        return KernelRole.QUANTIZER;
    }

    @Override
    public int version() {
        return MxQuantizeSpec.VERSION;
    }

    @Override
    public Class<MxQuantizeSpec> specs() {
        return MxQuantizeSpec.class;
    }

    @Override
    public Class<MxQuantizeArguments> arguments() {
        return MxQuantizeArguments.class;
    }

    @Override
    public Class<QuantizeShape> shapes() {
        return QuantizeShape.class;
    }

    @Override
    public Optional<Work> work(MxQuantizeSpec spec, OperandLayout layout, KernelShape shape) {
        if (!(shape instanceof QuantizeShape rows)
                || rows.k().size() != spec.formats().size()
                || !spec.groups().cuts(rows.k())) {
            return Optional.empty();
        }
        long channels = rows.channels();
        int arrays = spec.prologue() == Prologue.SILU_MUL ? 2 : 1;
        int vectors =
                switch (spec.prologue()) {
                    case NONE, SILU_MUL -> 0;
                    case RMSNORM -> 1;
                    case RMSNORM_CENTRED -> 2;
                };
        long read = channels
                * ((long) rows.m() * arrays * spec.source().bytes()
                        + vectors * ScalarType.BF16.bytes()
                        + Integer.BYTES);
        return Optional.of(new QuantizeWork(read, rows.m() * written(spec, layout, rows)));
    }

    /** Bytes written of a row. */
    private static long written(MxQuantizeSpec spec, OperandLayout layout, QuantizeShape shape) {
        long channels = shape.channels();
        if (layout.isFolded()) {
            long wide = 0;
            for (int i = 0; i < shape.k().size(); i++) {
                wide += layout.widens(spec.formats().get(i)) ? shape.k().get(i) : 0;
            }
            return channels + wide + Float.BYTES;
        }
        long bytes = channels / spec.groups().size();
        for (int i = 0; i < shape.k().size(); i++) {
            bytes += CodePacking.bytes(spec.formats().get(i), shape.k().get(i));
        }
        return bytes;
    }

    @Override
    public MxQuantizeSpec read(SpecText fields) {
        return MxQuantizeSpec.read(fields);
    }

    @Override
    public List<Algorithm<MxQuantizeSpec>> algorithms() {
        return ALGORITHMS;
    }

    /** Each format alone, MicroMix's three in every prologue and rule and through a Hadamard matrix, the weight side, rows of experts. */
    @Override
    public List<KernelVariant> catalogue() {
        List<KernelVariant> variants = new ArrayList<>();
        specs(ScalarType.BF16).forEach(spec -> variants.add(KernelVariant.of(spec, TILED, Target.SM_80)));
        // The residual stream is FP32.
        MxQuantizeSpec normed =
                MxQuantizeSpec.activation(MICROMIX, ScaleRule.CEIL, Prologue.RMSNORM, ScalarType.FP32, Tolerance.EXACT);
        variants.add(KernelVariant.of(normed, TILED, Target.SM_80));
        for (Prologue prologue : Prologue.values()) {
            MxQuantizeSpec folded =
                    MxQuantizeSpec.activation(MICROMIX, ScaleRule.CEIL, prologue, ScalarType.BF16, Tolerance.WITHIN_4);
            variants.add(KernelVariant.of(folded, CONTAINERS, Target.SM_90A));
            variants.add(KernelVariant.of(folded, SPREAD, Target.SM_90A));
        }
        MxQuantizeSpec mixed =
                MxQuantizeSpec.activation(MICROMIX, ScaleRule.CEIL, Prologue.NONE, ScalarType.BF16, Tolerance.EXACT);
        variants.add(KernelVariant.of(mixed, MIXED, Target.SM_90A));
        variants.add(KernelVariant.of(mixed, SPREAD_MIXED, Target.SM_90A));
        specs(ScalarType.FP32).forEach(spec -> variants.add(KernelVariant.of(spec, ROWS_CPU, Target.CPU)));
        addTurned(variants);
        addOfExperts(variants);
        return variants;
    }

    private static void addOfExperts(List<KernelVariant> variants) {
        List<ElementFormat> formats = List.of(ElementFormat.E2M1);
        MxQuantizeSpec gathered = activation(formats, ScaleRule.CEIL, Prologue.RMSNORM, ScalarType.FP32)
                .with(MxQuantizeSpec.Rows.GATHERED);
        MxQuantizeSpec held = activation(formats, ScaleRule.CEIL, Prologue.NONE, ScalarType.BF16)
                .with(MxQuantizeSpec.Rows.HELD);
        for (MxQuantizeSpec spec : List.of(gathered, held)) {
            variants.add(KernelVariant.of(spec, TILED, Target.SM_80));
            variants.add(KernelVariant.of(spec, CONTAINERS, Target.SM_90A));
            variants.add(KernelVariant.of(spec, SPREAD, Target.SM_90A));
        }
    }

    private static void addTurned(List<KernelVariant> variants) {
        MxQuantizeSpec turned = activation(MICROMIX, ScaleRule.CLIP, Prologue.RMSNORM, ScalarType.FP32)
                .with(GroupTransform.HADAMARD);
        MxQuantizeSpec folded = MxQuantizeSpec.activation(
                        MICROMIX, ScaleRule.CLIP, Prologue.RMSNORM, ScalarType.FP32, Tolerance.WITHIN_4)
                .with(GroupTransform.HADAMARD);
        variants.add(KernelVariant.of(turned, TILED, Target.SM_80));
        variants.add(KernelVariant.of(folded, CONTAINERS, Target.SM_90A));
        variants.add(KernelVariant.of(folded, SPREAD, Target.SM_90A));
        variants.add(KernelVariant.of(turned, ROWS_CPU, Target.CPU));
    }

    private static List<MxQuantizeSpec> specs(ScalarType source) {
        List<MxQuantizeSpec> specs = new ArrayList<>();
        for (ElementFormat format : ElementFormat.values()) {
            specs.add(activation(List.of(format), ScaleRule.CEIL, Prologue.NONE, source));
        }
        for (Prologue prologue : Prologue.values()) {
            specs.add(activation(MICROMIX, ScaleRule.CEIL, prologue, source));
        }
        specs.add(activation(MICROMIX, ScaleRule.CLIP, Prologue.NONE, source));
        specs.add(activation(MICROMIX, ScaleRule.FLOOR, Prologue.NONE, source));
        specs.add(activation(MICROMIX, ScaleRule.EVEN, Prologue.NONE, source));
        specs.add(weight(MICROMIX, source));
        specs.add(weight(List.of(ElementFormat.E2M1), source));
        return specs;
    }

    private static MxQuantizeSpec activation(
            List<ElementFormat> formats, ScaleRule rule, Prologue prologue, ScalarType source) {
        return MxQuantizeSpec.activation(formats, rule, prologue, source, Tolerance.EXACT);
    }

    private static MxQuantizeSpec weight(List<ElementFormat> formats, ScalarType source) {
        return new MxQuantizeSpec(
                Side.WEIGHT, formats, ScaleRule.CEIL, GroupLayout.MX, Prologue.NONE, source, Tolerance.EXACT);
    }
}
