package org.mxforge.runtime.exec.cuda;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.Float16;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.runtime.base.ByteSource;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.quant.PlainWeight;

/**
 * Brings what stays unquantized into BF16, as the kernels read it. Where that changes a value, it is said once for each type that
 * weights are stored in. Quantized weights do not come this way: they were made from the stored values.
 */
final class Bf16Rounding {
    private static final System.Logger LOG = System.getLogger(Bf16Rounding.class.getName());

    private final String device;
    private final Set<ScalarType> told = EnumSet.noneOf(ScalarType.class);

    Bf16Rounding(String device) {
        this.device = device;
    }

    /** The BF16 values of {@code weight}, read when they are wanted; as {@link #bits}. */
    ByteSource bytes(String what, PlainWeight weight) {
        return weight.type() == ScalarType.BF16
                ? weight.bytes()
                : new RoundedBytes(
                        (long) weight.outputs() * weight.channels() * Short.BYTES,
                        () -> ScalarArray.bf16(bits(what, weight.values())));
    }

    /**
     * The BF16 bits of {@code values}.
     *
     * @param what plain words for what they are, in the plural
     * @throws MxForgeException if a finite value is too large for BF16
     */
    short[] bits(String what, ScalarArray values) {
        if (values instanceof ScalarArray.Bf16 exact) {
            return exact.bits();
        }
        short[] bits = new short[values.length()];
        boolean changed = false;
        for (int i = 0; i < bits.length; i++) {
            float value = values.get(i);
            bits[i] = Bfloat16.fromFloat(value);
            float rounded = Bfloat16.toFloat(bits[i]);
            changed |= rounded != value;
            if (Float.isInfinite(rounded) && !Float.isInfinite(value)) {
                throw new MxForgeException("the model's " + what + " hold " + value
                        + ", which is too large for the BF16 of " + device + ": use --device cpu");
            }
        }
        if (changed) {
            warn(what, stored(values));
        }
        return bits;
    }

    private void warn(String what, ScalarType stored) {
        if (told.add(stored)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the model''s {0} are stored in {1} and are rounded to BF16 on {2}: quantized layers are not, and"
                            + " --device cpu uses all weights as they are stored",
                    what,
                    stored == ScalarType.FP16 ? "F16" : "F32",
                    device);
        }
    }

    /** Vectors come in binary32 whatever they were stored in. */
    private static ScalarType stored(ScalarArray values) {
        for (int i = 0; i < values.length(); i++) {
            float value = values.get(i);
            if (Float16.toFloat(Float16.fromFloat(value)) != value) {
                return ScalarType.FP32;
            }
        }
        return ScalarType.FP16;
    }

    /** What is made when it is first read. */
    private static final class RoundedBytes implements ByteSource {
        private final long length;
        private Supplier<ScalarArray> maker;
        private ByteSource made;

        RoundedBytes(long length, Supplier<ScalarArray> maker) {
            this.length = length;
            this.maker = maker;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public void read(long from, ByteBuffer into) {
            made().read(from, into);
        }

        private synchronized ByteSource made() {
            if (made == null) {
                ScalarArray values = maker.get();
                made = PlainWeight.of(values, 1, values.length()).bytes();
                maker = null;
            }
            return made;
        }
    }
}
