package org.mxforge.dsl.spec;

import java.util.Optional;
import org.mxforge.dsl.layout.ExpertTiles;

/**
 * D[m, :] = the GEMM of row m with the weights of the expert that row m belongs to: the mixed-precision GEMMs of all experts of a
 * layer in one launch.
 *
 * <p>Layouts: rows of A, of D and of an epilogue's matrix are in the order of {@link ExpertTiles}; the
 * expert of each tile, and how many of the rows hold tokens, are launch arguments, and other rows are neither
 * multiplied nor written. The weights of all experts lie one after the other, those of each laid out and padded as one GEMM wants
 * them, and so do their scales or factors; a bias is [experts][N].
 *
 * @param expert what is computed with the rows of one expert
 * @param tile how many rows tiles have
 */
public record MxGroupedGemmSpec(MxGemmSpec expert, ExpertTiles tile) implements KernelSpec {
    public static final String STEM = "mxgroupedgemm";

    public MxGroupedGemmSpec {
        if (expert == null) {
            throw new IllegalArgumentException("a grouped GEMM needs the GEMM of an expert");
        }
    }

    /** With tiles for many tokens. */
    public MxGroupedGemmSpec(MxGemmSpec expert) {
        this(expert, ExpertTiles.MANY);
    }

    @Override
    public Optional<KernelSpec> kin() {
        return expert.kin().map(kin -> new MxGroupedGemmSpec((MxGemmSpec) kin, tile));
    }

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return ExpertRows.append(expert.text(STEM), tile);
    }

    /** Reads the fields of {@link #text()}. */
    public static MxGroupedGemmSpec read(SpecText fields) {
        return new MxGroupedGemmSpec(MxGemmSpec.read(fields), ExpertRows.read(fields));
    }
}
