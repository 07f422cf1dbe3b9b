package org.mxforge.dsl.format;

import java.util.Locale;

/** The plain floating-point types that kernels read and write beside MX groups. */
public enum ScalarType {
    BF16(2),
    FP16(2),
    FP32(4);

    private final int bytes;

    ScalarType(int bytes) {
        this.bytes = bytes;
    }

    /** Size of one value in bytes. */
    public int bytes() {
        return bytes;
    }

    /** The token that spec texts use, such as {@code bf16}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads {@link #text()}.
     *
     * @throws IllegalArgumentException naming the text and the types there are
     */
    public static ScalarType parse(String text) {
        for (ScalarType type : values()) {
            if (type.text().equals(text)) {
                return type;
            }
        }
        throw new IllegalArgumentException("unknown scalar type '" + text + "': use bf16, fp16 or fp32");
    }
}
