package org.mxforge.runtime.base.options;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mxforge.runtime.base.MxForgeException;

/** How a quantized checkpoint is written: for whom. */
public enum CheckpointFormat {
    /** For MXForge: every recipe, and the only one that models are loaded from. */
    MXFORGE,
    /** For vLLM and transformers, as the compressed-tensors library has it: MXFP4 and MXFP8, all channels alike and in their order. */
    COMPRESSED_TENSORS,
    /** As AMD Quark has it, also for vLLM (MXFP4 and MXFP6) and transformers: any uniform recipe. */
    QUARK;

    /** Such as {@code compressed-tensors}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads {@link #text()}.
     *
     * @throws MxForgeException naming the text and the formats there are
     */
    public static CheckpointFormat parse(String text) {
        return Stream.of(values())
                .filter(format -> format.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new MxForgeException("unknown checkpoint format '" + text + "': use "
                        + Stream.of(values()).map(CheckpointFormat::text).collect(Collectors.joining(" or "))));
    }
}
