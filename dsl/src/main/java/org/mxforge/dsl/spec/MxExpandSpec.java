package org.mxforge.dsl.spec;

import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.launch.MxExpandArguments;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.ScaleLayout;
import org.mxforge.dsl.layout.WideTile;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.target.KernelFamily;
import org.mxforge.dsl.target.Target;

/**
 * Packed codes with tiled scales, [rows][channels], multiplied out to the tiles of BF16 that wgmma multiplies,
 * {@link ScaleLayout#EXPANDED}. The factors of the rows are given; every element is divided by its row's.
 *
 * @param format element format of the partition
 */
public record MxExpandSpec(ElementFormat format) implements OperandPass {
    static final String STEM = "mxexpand";

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

    static MxExpandSpec read(SpecText fields) {
        return fields.end(new MxExpandSpec(ElementFormat.parse(fields.next("format"))));
    }

    @Override
    public KernelFamily family(Target target) {
        return KernelFamily.HOPPER;
    }

    @Override
    public ConfigSpace space(Target target) {
        return HopperSpaces.pass(this, target);
    }

    @Override
    public ScaleLayout from() {
        return ScaleLayout.TILE128X4;
    }

    @Override
    public ScaleLayout to() {
        return ScaleLayout.EXPANDED;
    }

    @Override
    public long bytesBefore(int rows, int channels) {
        return rows * CodePacking.bytes(format, channels);
    }

    @Override
    public long bytesBehind(int rows, int channels) {
        return WideTile.bytes(rows, channels);
    }

    @Override
    public Record arguments(int rows, int channels, long elements, long scales, long factors, long result) {
        return new MxExpandArguments(rows, channels, elements, scales, factors, result);
    }
}
