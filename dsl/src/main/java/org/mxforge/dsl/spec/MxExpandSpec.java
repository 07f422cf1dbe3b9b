package org.mxforge.dsl.spec;

import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.launch.MxExpandArguments;
import org.mxforge.dsl.layout.OperandLayout;

/**
 * Packed codes with tiled scales, [rows][channels], multiplied out to the tiles of BF16 that wgmma multiplies,
 * {@link OperandLayout#BF16}. The factors of the rows are given; every element is divided by its row's.
 *
 * @param format element format of the partition
 */
public record MxExpandSpec(ElementFormat format) implements OperandPass {
    public static final String STEM = "mxexpand";

    public MxExpandSpec {
        if (format == null) {
            throw new IllegalArgumentException("an expansion needs the format that it expands");
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
    public static MxExpandSpec read(SpecText fields) {
        return new MxExpandSpec(ElementFormat.parse(fields.next("format")));
    }

    @Override
    public OperandLayout from() {
        return OperandLayout.TILED;
    }

    @Override
    public OperandLayout to() {
        return OperandLayout.BF16;
    }

    @Override
    public Record arguments(int rows, int channels, long elements, long scales, long factors, long result) {
        return new MxExpandArguments(rows, channels, elements, scales, factors, result);
    }
}
