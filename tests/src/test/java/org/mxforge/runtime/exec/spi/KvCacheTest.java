package org.mxforge.runtime.exec.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.exec.spi.Batch.Field;

/** Who has which pages, and what a batch says of its rows. */
class KvCacheTest {
    private static final class Pages extends KvCache {
        Pages(int sequences, int longest) {
            super(sequences, longest, 4);
        }

        @Override
        public void close() {}
    }

    private static final class Words extends Batch {
        private int[] uploaded;

        Words(KvCache cache, int rows, int sequences) {
            super(cache, 100, rows, sequences);
        }

        int[] field(Field field, int from, int to) {
            return Arrays.copyOfRange(uploaded, offset(field) + from, offset(field) + to);
        }

        int[] table(int sequence) {
            return field(Field.PAGES, sequence * tableLength(), (sequence + 1) * tableLength());
        }

        @Override
        protected void upload(int[] words) {
            uploaded = words.clone();
        }

        @Override
        protected int[] downloadTokens(int count) {
            return new int[count];
        }

        @Override
        public void close() {}
    }

    private final KvCache cache = new Pages(2, 10);
    private final Words batch = new Words(cache, 24, 3);

    private void put(KvCache.Sequence sequence, int tokens) {
        batch.put(List.of(new Batch.Part(sequence, new int[tokens], 0)));
    }

    @Test
    void sequencesTakePagesAsTheyGrow() {
        KvCache.Sequence first = cache.open();
        KvCache.Sequence second = cache.open();
        put(first, 4);
        put(second, 1);
        put(first, 1);
        assertThat(first.length()).isEqualTo(5);
        assertThat(batch.table(0)).containsExactly(1, 3, 0);
        assertThat(batch.field(Field.POSITIONS, 0, 1)).containsExactly(4);
        put(second, 3);
        assertThat(batch.table(0)).containsExactly(2, 0, 0);
    }

    @Test
    void pagesAreGivenBack() {
        for (int i = 0; i < 20; i++) {
            try (KvCache.Sequence first = cache.open();
                    KvCache.Sequence second = cache.open()) {
                put(first, 10);
                put(second, 10);
            }
        }
        assertThatCode(() -> cache.open().checkRoom(10)).doesNotThrowAnyException();
    }

    @Test
    void aFullCacheSaysSoAndChangesNothing() {
        KvCache.Sequence first = cache.open();
        KvCache.Sequence second = cache.open();
        KvCache.Sequence third = cache.open();
        put(first, 10);
        put(second, 5);
        List<Batch.Part> parts = List.of(new Batch.Part(second, new int[4], 0), new Batch.Part(third, new int[2], 0));
        assertThatThrownBy(() -> batch.put(parts))
                .isInstanceOf(MxForgeException.class)
                .hasMessage(
                        "the key/value cache is full: 6 more tokens need 2 pages of 4 positions, and 1 are free of 6: "
                                + "end another sequence first, or open a cache for more sequences");
        assertThat(second.length()).isEqualTo(5);
        assertThat(third.length()).isZero();
        first.close();
        batch.put(parts);
        assertThat(batch.rows()).isEqualTo(6);
    }

    @Test
    void whatIsReservedIsNobodyElses() {
        KvCache.Sequence first = cache.open();
        assertThat(cache.capacity()).isEqualTo(24);
        first.reserve(9);
        assertThat(cache.freePositions()).isEqualTo(12);
        assertThat(cache.hasRoom(12)).isTrue();
        assertThat(cache.hasRoom(13)).isFalse();
        KvCache.Sequence second = cache.open();
        second.reserve(10);
        assertThatThrownBy(() -> cache.open().reserve(1)).hasMessageContaining("the key/value cache is full");
        put(first, 9);
        put(second, 10);
        first.close();
        assertThat(cache.freePositions()).isEqualTo(12);
    }

    @Test
    void aSequenceThatShrinksKeepsItsPagesAndIsWrittenAnew() {
        KvCache.Sequence first = cache.open();
        put(first, 6);
        first.shrinkTo(3);
        assertThat(first.length()).isEqualTo(3);
        put(first, 2);
        assertThat(batch.field(Field.POSITIONS, 0, 2)).containsExactly(3, 4);
        assertThat(batch.table(0)).containsExactly(1, 2, 0);
        assertThatThrownBy(() -> first.shrinkTo(6)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> first.shrinkTo(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSequenceIsNoLongerThanTheModelTakes() {
        KvCache.Sequence sequence = cache.open();
        put(sequence, 8);
        assertThatThrownBy(() -> sequence.checkRoom(3))
                .isInstanceOf(MxForgeException.class)
                .hasMessage("3 tokens at position 8 do not fit into a context of 10: shorten the text");
        sequence.checkRoom(2);
    }

    @Test
    void everyRowHasItsSequenceAndPosition() {
        KvCache.Sequence first = cache.open();
        KvCache.Sequence second = cache.open();
        put(second, 6);
        batch.put(List.of(
                new Batch.Part(first, new int[] {7, 8, 9}, 2, new Batch.Choice(0.5f, 0.25f, 0.75f)),
                new Batch.Part(second, new int[] {5}, 1)));
        assertThat(batch.field(Field.IDS, 0, 4)).containsExactly(7, 8, 9, 5);
        assertThat(batch.field(Field.POSITIONS, 0, 4)).containsExactly(0, 1, 2, 6);
        assertThat(batch.field(Field.SEQUENCES, 0, 4)).containsExactly(0, 0, 0, 1);
        assertThat(batch.outputs()).isEqualTo(3);
        assertThat(batch.field(Field.OUTPUTS, 0, 3)).containsExactly(1, 2, 3);
        int[] temperatures = batch.field(Field.TEMPERATURES, 0, 3);
        assertThat(Arrays.stream(temperatures).mapToObj(Float::intBitsToFloat)).containsExactly(0.5f, 0.5f, 1f);
        assertThat(batch.tokens()).hasSize(3);
    }

    @Test
    void rowsThatFillABatchUpAreInNobodysPage() {
        KvCache.Sequence sequence = cache.open();
        put(sequence, 2);
        batch.put(List.of(new Batch.Part(sequence, new int[] {5}, 1)), 4);
        assertThat(batch.rows()).isEqualTo(4);
        assertThat(batch.outputs()).isEqualTo(4);
        assertThat(batch.field(Field.IDS, 0, 4)).containsExactly(5, 0, 0, 0);
        assertThat(batch.field(Field.POSITIONS, 0, 4)).containsExactly(2, 0, 0, 0);
        assertThat(batch.field(Field.SEQUENCES, 0, 4)).containsExactly(0, 3, 3, 3);
        assertThat(batch.field(Field.OUTPUTS, 0, 4)).containsExactly(0, 1, 2, 3);
        assertThat(batch.table(3)).containsOnly(0);
        assertThat(batch.tokens()).hasSize(1);
    }

    @Test
    void refusesWhatIsNoBatch() {
        KvCache.Sequence sequence = cache.open();
        KvCache.Sequence stranger = new Pages(1, 10).open();
        Batch.Part part = new Batch.Part(sequence, new int[] {1}, 0);
        for (List<Batch.Part> parts : List.of(
                List.<Batch.Part>of(),
                List.of(part, part),
                List.of(new Batch.Part(stranger, new int[] {1}, 0)),
                List.of(new Batch.Part(sequence, new int[0], 0)),
                List.of(new Batch.Part(sequence, new int[] {1}, 2)))) {
            assertThatThrownBy(() -> batch.put(parts)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> batch.put(List.of(part), 25)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> batch.put(List.of(new Batch.Part(sequence, new int[] {100}, 0))))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("token 100 is outside the model's vocabulary of 100");
        assertThat(sequence.length()).isZero();
    }
}
