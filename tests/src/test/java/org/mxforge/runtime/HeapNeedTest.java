package org.mxforge.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.model.family.ModelConfig;

class HeapNeedTest {
    @TempDir
    Path folder;

    private ModelFolder demo() {
        return ModelFolder.open(BundledModel.checkpoint(folder));
    }

    @Test
    void weightsAreThoseOfTheRecipe() {
        long plain = HeapNeed.of(demo(), Quantization.NONE).weights();
        long packed = HeapNeed.of(demo(), Quantization.by("mxfp4")).weights();
        // 5.77 million parameters, but for the norms, of which about a million in the vocabulary's table stay as they
        // are.
        assertThat(plain).isBetween(11_400_000L, 11_550_000L);
        assertThat(packed).isBetween(4_000_000L, 5_500_000L);
    }

    @Test
    void theCacheIsThatOfAllSequences() {
        ModelConfig config = demo().checkpoint().config();
        HeapNeed need = HeapNeed.of(demo(), Quantization.NONE).with(config, 3, 512);
        // Keys and values in FP32 in pages of 256 tokens, and one page that belongs to nobody.
        assertThat(need.cache())
                .isEqualTo(2L * Float.BYTES * (3 * 2 + 1) * 256 * config.layers() * config.kvHeads() * config.head());
    }

    @Test
    void tooSmallAHeapIsRefusedWithTheNumbers() {
        HeapNeed need = new HeapNeed("m in bf16", 3L << 30, 1L << 30);
        assertThatThrownBy(() -> need.requireFit(4L << 30))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContainingAll("m in bf16", "weights 3.0 GiB, cache 1.0 GiB", "which has 4.0 GiB", "-Xmx7g");
        assertThatCode(() -> need.requireFit(5L << 30)).doesNotThrowAnyException();
    }
}
