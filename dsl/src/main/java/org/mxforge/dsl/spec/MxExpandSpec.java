package org.mxforge.dsl.spec;

import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.ScaleLayout;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.target.KernelFamily;
import org.mxforge.dsl.target.Target;

/**
 * Packed codes with tiled scales, [rows][channels], to the tiles that wgmma multiplies: {@link ScaleLayout#FOLDED} or
 * {@link ScaleLayout#EXPANDED}. The factors of the rows are given; every element is divided by its row's.
 *
 * @param format element format of the partition
 * @param to layout of the result
 */
public record MxExpandSpec(ElementFormat format, ScaleLayout to) implements KernelSpec {
    static final String STEM = "mxexpand";

    public MxExpandSpec {
        if (format == null || to != ScaleLayout.FOLDED && to != ScaleLayout.EXPANDED) {
            throw new IllegalArgumentException("an expansion needs a format and goes to folded or expanded, not "
                    + (to == null ? null : to.text()));
        }
    }

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM, "format", format.text(), "to", to.text());
    }

    static MxExpandSpec read(SpecText fields) {
        return fields.end(
                new MxExpandSpec(ElementFormat.parse(fields.next("format")), ScaleLayout.parse(fields.next("to"))));
    }

    @Override
    public KernelFamily family(Target target) {
        return KernelFamily.HOPPER;
    }

    @Override
    public ConfigSpace space(Target target) {
        return HopperSpaces.expand(this, target);
    }
}
