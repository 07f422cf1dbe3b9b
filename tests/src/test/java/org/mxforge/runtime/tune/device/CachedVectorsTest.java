package org.mxforge.runtime.tune.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.layout.CachePages;
import org.mxforge.runtime.oracle.CachedVector;

/** What attention is tried on lies and reads as the cache's formats are defined. */
class CachedVectorsTest {
    @ParameterizedTest
    @CsvSource({"MXFP8, 64", "MXFP8, 128", "MXFP4, 96", "INT8, 32", "INT4, 128"})
    void readsWhatLiesInPages(CacheFormat format, int head) {
        CachedVectors vectors = new CachedVectors(format, head);
        Random random = new Random(1);
        byte[] pages = vectors.pages(2);
        for (int number : new int[] {0, 31, 37}) {
            byte[] vector = vectors.draw(random);
            vectors.store(vector, pages, number / CachePages.POSITIONS, number % CachePages.POSITIONS);
            float[] read = new float[2 * head];
            vectors.read(vector, read, head);
            float[] defined = CachedVector.read(format, pages, number, head);
            for (int i = 0; i < head; i++) {
                assertThat(read[head + i]).as("channel %d of %d", i, number).isEqualTo(defined[i]);
                assertThat(Math.abs(defined[i])).isLessThanOrEqualTo(4);
            }
        }
    }
}
