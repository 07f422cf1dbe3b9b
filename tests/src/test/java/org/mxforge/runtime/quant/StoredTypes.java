package org.mxforge.runtime.quant;

import org.mxforge.runtime.checkpoint.safetensors.TensorType;

/** Which type a tensor of a {@link TinyCheckpoint} is stored in. */
public final class StoredTypes {
    private StoredTypes() {}

    /** All three in one file. */
    public static TensorType mixed(String name) {
        if (name.contains("embed") || name.contains("up_proj")) {
            return TensorType.F16;
        }
        return name.contains("o_proj") ? TensorType.BF16 : TensorType.F32;
    }
}
