package org.mxforge.codegen.kernel.attention;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.launch.AttentionArguments;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.dsl.spec.KernelKind;
import org.mxforge.dsl.spec.KernelRole;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.SpecText;
import org.mxforge.dsl.target.Target;

/** Causal attention over a key/value cache; on the CPU it is plain Java, not a kernel. */
public final class AttentionKind implements KernelKind<AttentionSpec> {
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

    /** Rows that fill a GPU with their heads. */
    private static final int MANY_ROWS = 16;

    /**
     * The algorithm that suits a batch: tiles where sequences have several rows each, so that rows share what is read; else rows, which a
     * tile would be nearly empty of, and parts of rows where these are few.
     *
     * @param target a GPU
     * @param group heads that share keys
     * @param rows of all sequences
     * @param sequences how many there are
     */
    public static Algorithm<AttentionSpec> suiting(
            AttentionSpec spec, Target target, int group, int rows, int sequences) {
        if (rows > sequences && group <= MmaAttention.FEWEST_ROWS) {
            for (Algorithm<AttentionSpec> tiles : List.of(WGMMA, MMA)) {
                if (tiles.refusal(spec, target).isEmpty()) {
                    return tiles;
                }
            }
        }
        boolean parts = rows < MANY_ROWS && PARTS.refusal(spec, target).isEmpty();
        return parts ? PARTS : ROWS;
    }

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
    public AttentionSpec read(SpecText fields) {
        return AttentionSpec.read(fields);
    }

    @Override
    public List<Algorithm<AttentionSpec>> algorithms() {
        return List.of(ROWS, PARTS, STREAM, MMA, WGMMA);
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
        variants.add(KernelVariant.of(new AttentionSpec(64), WGMMA, Target.SM_90A));
        variants.add(KernelVariant.of(new AttentionSpec(128), WGMMA, Target.SM_90A));
        return variants;
    }
}
