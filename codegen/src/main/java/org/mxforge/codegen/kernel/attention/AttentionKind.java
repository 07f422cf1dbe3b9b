package org.mxforge.codegen.kernel.attention;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.AttentionArguments;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.AttentionShape;
import org.mxforge.dsl.shape.AttentionWork;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.shape.Work;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.dsl.spec.KernelRole;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.SpecText;
import org.mxforge.dsl.spec.TunedKind;
import org.mxforge.dsl.target.Target;

/** Causal attention over a key/value cache; on the CPU it is plain Java, not a kernel. */
public final class AttentionKind implements TunedKind<AttentionSpec> {
    /** A row at a time, on every GPU. */
    public static final Algorithm<AttentionSpec> ROWS = new RowsAttention();

    /** A row at a time by a cluster of blocks, on sm_90a. */
    public static final Algorithm<AttentionSpec> PARTS = new PartsAttention();

    /** A row at a time, all heads that share keys together, on mma.sync. */
    public static final Algorithm<AttentionSpec> STREAM = new StreamAttention();

    /** Tiles of queries on mma.sync. */
    public static final Algorithm<AttentionSpec> MMA = new MmaAttention();

    /** Tiles of queries on wgmma. */
    public static final Algorithm<AttentionSpec> WGMMA = new WgmmaAttention();

    @Override
    public String stem() {
        return AttentionSpec.STEM;
    }

    @Override
    public KernelRole role() {
        return KernelRole.ATTENTION;
    }

    @Override
    public Class<AttentionSpec> specs() {
        return AttentionSpec.class;
    }

    @Override
    public Class<AttentionArguments> arguments() {
        return AttentionArguments.class;
    }

    @Override
    public Class<AttentionShape> shapes() {
        return AttentionShape.class;
    }

    @Override
    public Optional<Work> work(AttentionSpec spec, OperandLayout layout, KernelShape shape) {
        int cached = spec.cache().bytes(spec.head());
        return shape instanceof AttentionShape size
                ? Optional.of(new AttentionWork(size, spec.head(), cached, ScalarType.BF16.bytes()))
                : Optional.empty();
    }

    @Override
    public AttentionSpec read(SpecText fields) {
        return AttentionSpec.read(fields);
    }

    /** The first runs what suits no other. */
    @Override
    public List<Algorithm<AttentionSpec>> algorithms() {
        return List.of(ROWS, WGMMA, MMA, STREAM, PARTS);
    }

    @Override
    public List<KernelVariant> catalogue() {
        List<KernelVariant> variants = new ArrayList<>();
        variants.add(KernelVariant.of(new AttentionSpec(64), ROWS, Target.SM_80));
        variants.add(KernelVariant.of(new AttentionSpec(128), ROWS, Target.SM_80));
        variants.add(KernelVariant.of(new AttentionSpec(128), PARTS, Target.SM_90A));
        for (int head : List.of(64, 80, 96, 128)) {
            variants.add(KernelVariant.of(new AttentionSpec(head), MMA, Target.SM_80));
            variants.add(KernelVariant.of(new AttentionSpec(head), STREAM, head == 128 ? Target.SM_90A : Target.SM_80));
        }
        for (CacheFormat cache : List.of(CacheFormat.MXFP8, CacheFormat.MXFP4, CacheFormat.INT8, CacheFormat.INT4)) {
            AttentionSpec quantized = new AttentionSpec(128, cache);
            variants.add(KernelVariant.of(quantized, ROWS, Target.SM_80));
            variants.add(KernelVariant.of(quantized, MMA, Target.SM_80));
            variants.add(KernelVariant.of(quantized, STREAM, Target.SM_90A));
        }
        for (int head : List.of(64, 80, 96, 128)) {
            variants.add(KernelVariant.of(new AttentionSpec(head), WGMMA, Target.SM_90A));
        }
        return variants;
    }
}
