package org.mxforge.dsl.spec;

import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.launch.MxUnpackArguments;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.FragmentTile;
import org.mxforge.dsl.layout.ScaleLayout;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.target.KernelFamily;
import org.mxforge.dsl.target.Target;

/**
 * Packed weights in {@link FragmentTile}s, those of {@link ScaleLayout#STREAMED}, to the FP8 containers of
 * {@link ScaleLayout#FOLDED}: what a GEMM decodes in registers for each tile of tokens, done once for all of them. The factors of
 * the rows stay what they are.
 *
 * @param format E2M1 or E3M2
 */
public record MxUnpackSpec(ElementFormat format) implements OperandPass {
    static final String STEM = "mxunpack";

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

    static MxUnpackSpec read(SpecText fields) {
        return fields.end(new MxUnpackSpec(ElementFormat.parse(fields.next("format"))));
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
        return ScaleLayout.STREAMED;
    }

    @Override
    public ScaleLayout to() {
        return ScaleLayout.FOLDED;
    }

    @Override
    public long bytesBefore(int rows, int channels) {
        return new FragmentTile(format).bytes(rows, channels);
    }

    @Override
    public long bytesBehind(int rows, int channels) {
        return ContainerTile.bytes(rows, channels);
    }

    @Override
    public Record arguments(int rows, int channels, long elements, long scales, long factors, long result) {
        return new MxUnpackArguments(rows, channels, elements, result);
    }
}
