package org.mxforge.runtime.checkpoint.safetensors;

import java.util.Arrays;
import java.util.Optional;

/** The element types of safetensors files, by their names there. */
public enum TensorType {
    BOOL(8),
    F4(4),
    F6_E2M3(6),
    F6_E3M2(6),
    F8_E4M3(8),
    F8_E5M2(8),
    F8_E8M0(8),
    U8(8),
    I8(8),
    U16(16),
    I16(16),
    F16(16),
    BF16(16),
    U32(32),
    I32(32),
    F32(32),
    U64(64),
    I64(64),
    F64(64);

    private final int bits;

    TensorType(int bits) {
        this.bits = bits;
    }

    /** Size of one element in bits. */
    public int bits() {
        return bits;
    }

    /** The type that a header names so; empty when it is unknown. */
    static Optional<TensorType> named(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }
}
