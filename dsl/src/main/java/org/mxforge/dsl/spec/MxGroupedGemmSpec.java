package org.mxforge.dsl.spec;

import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.target.KernelFamily;
import org.mxforge.dsl.target.Target;

/**
 * D[m, :] = the GEMM of row m with the weights of the expert that row m belongs to: the mixed-precision GEMMs of all experts of a
 * layer in one launch.
 *
 * <p>Layouts: rows of A, of D and of an epilogue's matrix are in the order of {@link org.mxforge.dsl.layout.ExpertTiles}; the
 * expert of each tile of 128 rows, and how many of the rows hold tokens, are launch arguments, and other rows are neither
 * multiplied nor written. The weights of all experts lie one after the other, those of each laid out and padded as one GEMM wants
 * them, and so do their scales or factors; a bias is [experts][N].
 *
 * @param expert what is computed with the rows of one expert
 */
public record MxGroupedGemmSpec(MxGemmSpec expert) implements KernelSpec {
    static final String STEM = "mxgroupedgemm";

    public MxGroupedGemmSpec {
        if (expert == null) {
            throw new IllegalArgumentException("a grouped GEMM needs the GEMM of an expert");
        }
    }

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return expert.text(STEM);
    }

    static MxGroupedGemmSpec read(SpecText fields) {
        return fields.end(new MxGroupedGemmSpec(MxGemmSpec.readFields(fields)));
    }

    @Override
    public KernelFamily family(Target target) {
        return expert.family(target);
    }

    /**
     * Whether sums over {@code channels} are as good as this spec promises, see {@link MxGemmSpec#permits}; with folded scales tiles
     * of any height are multiplied on wgmma.
     */
    public boolean permits(Configuration configuration, int channels) {
        return !expert.groups().scales().isFolded() || expert.permitsOnWgmma(configuration, channels);
    }

    /** On the CPU there is nothing to choose: it runs one expert after the other. */
    @Override
    public ConfigSpace space(Target target) {
        if (expert.groups().scales().isFolded()) {
            return HopperSpaces.groupedGemm(this, target);
        }
        return target.isGpu() ? expert.space(target) : OpSpaces.cpu();
    }
}
