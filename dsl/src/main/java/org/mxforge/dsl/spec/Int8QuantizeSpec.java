package org.mxforge.dsl.spec;

import org.mxforge.dsl.format.ScalarType;

/**
 * Quantizes rows to INT8, symmetric, each under a scale of its own: its largest magnitude / 127, FP32; codes are rounded to nearest even.
 * A row of zeros has the scale 0. A NaN or an infinity in a row makes its scale one, so the fault shows in the output.
 *
 * @param prologue what happens to a row first, in FP32
 * @param source type of the input: BF16 or FP32
 */
public record Int8QuantizeSpec(Prologue prologue, ScalarType source) implements KernelSpec {
    public static final String STEM = "int8quantize";

    public Int8QuantizeSpec {
        if (prologue == null) {
            throw new IllegalArgumentException("an INT8 quantizer needs a prologue");
        }
        if (prologue == Prologue.RMSNORM_CENTRED) {
            throw new IllegalArgumentException("an INT8 quantizer takes no centre off: use none, rmsnorm or silumul");
        }
        ResidualTypes.check(STEM, source);
    }

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM, "prologue", prologue.text(), "in", source.text());
    }

    /** Reads the fields of {@link #text()}. */
    public static Int8QuantizeSpec read(SpecText fields) {
        Prologue prologue = Prologue.parse(fields.next("prologue"));
        return new Int8QuantizeSpec(prologue, ScalarType.parse(fields.next("in")));
    }
}
