package org.mxforge.dsl.spec;

import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.launch.MxUnpackArguments;
import org.mxforge.dsl.layout.FragmentTile;
import org.mxforge.dsl.layout.OperandLayout;

/**
 * Packed weights in {@link FragmentTile}s to FP8 containers or, in formats that fill these, to BF16: what a GEMM decodes in registers
 * for each tile of tokens, done once for all of them. From {@link OperandLayout#MIXED_FRAGMENTS} comes {@link OperandLayout#MIXED}, which
 * are {@link OperandLayout#FRAGMENTS} and {@link OperandLayout#CONTAINERS} where scales have room. The factors of the rows stay what they
 * are.
 *
 * @param format any but E2M3
 */
public record MxUnpackSpec(ElementFormat format) implements OperandPass {
    public static final String STEM = "mxunpack";

    public MxUnpackSpec {
        if (format == null || !FragmentTile.holds(format)) {
            throw new IllegalArgumentException(
                    "no weights in " + (format == null ? null : format.text()) + " are kept as fragments to unpack");
        }
    }

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM, "format", format.text());
    }

    /** Reads the fields of {@link #text()}. */
    public static MxUnpackSpec read(SpecText fields) {
        return new MxUnpackSpec(ElementFormat.parse(fields.next("format")));
    }

    @Override
    public OperandLayout from() {
        return OperandLayout.MIXED_FRAGMENTS;
    }

    @Override
    public OperandLayout to() {
        return OperandLayout.MIXED;
    }

    @Override
    public Record arguments(int rows, int channels, long elements, long scales, long factors, long result) {
        return new MxUnpackArguments(rows, channels, elements, result);
    }
}
