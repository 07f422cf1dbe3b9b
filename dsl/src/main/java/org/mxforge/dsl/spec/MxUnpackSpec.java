package org.mxforge.dsl.spec;

import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.launch.MxUnpackArguments;
import org.mxforge.dsl.layout.FragmentTile;
import org.mxforge.dsl.layout.OperandLayout;

/**
 * Packed weights in {@link FragmentTile}s, those of {@link OperandLayout#FRAGMENTS}, to the FP8 containers of
 * {@link OperandLayout#CONTAINERS}: what a GEMM decodes in registers for each tile of tokens, done once for all of them. The factors of
 * the rows stay what they are.
 *
 * @param format E2M1 or E3M2
 */
public record MxUnpackSpec(ElementFormat format) implements OperandPass {
    public static final String STEM = "mxunpack";

    public MxUnpackSpec {
        if (format == null || !FragmentTile.holds(format)) {
            throw new IllegalArgumentException("only weights in e2m1 and e3m2 are kept as fragments to unpack, not "
                    + (format == null ? null : format.text()));
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
        return OperandLayout.FRAGMENTS;
    }

    @Override
    public OperandLayout to() {
        return OperandLayout.CONTAINERS;
    }

    @Override
    public Record arguments(int rows, int channels, long elements, long scales, long factors, long result) {
        return new MxUnpackArguments(rows, channels, elements, result);
    }
}
