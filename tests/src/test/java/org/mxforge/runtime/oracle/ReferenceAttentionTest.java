package org.mxforge.runtime.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Attention that can be done by hand, and results beside the right one. */
class ReferenceAttentionTest {
    private static final float LN_2 = (float) Math.log(2);

    /** Two heads of one channel that share keys; the weights of positions are as 1 : 2 : 4. */
    private static ReferenceAttention.Result result(int window) {
        return new ReferenceAttention(2, 1, 1, window)
                .of(1, new float[] {1, 0, 1, 0}, new float[] {0, LN_2, 2 * LN_2}, new float[] {7, 14, 21});
    }

    @Test
    void weighsWhatCameBefore() {
        assertThat(result(9).length()).isEqualTo(4);
        assertThat(result(9).violation(new float[] {35 / 3f, 10.5f, 17, 14}, 0)).isEmpty();
        assertThat(result(9).violation(new float[] {0, 35 / 3f, 10.5f, 17, 14}, 1))
                .isEmpty();
    }

    @Test
    void doesNotSeeBeyondTheWindow() {
        assertThat(result(2).violation(new float[] {35 / 3f, 10.5f, 56 / 3f, 17.5f}, 0))
                .isEmpty();
        assertThat(result(1).violation(new float[] {14, 14, 21, 21}, 0)).isEmpty();
    }

    @Test
    void roundingIsAllowedAndNothingElse() {
        float bound = 35 / 3f / 128;
        assertThat(result(9).violation(new float[] {35 / 3f + 0.99f * bound, 10.5f, 17, 14}, 0))
                .isEmpty();
        assertThat(result(9).violation(new float[] {35 / 3f + 1.01f * bound, 10.5f, 17, 14}, 0))
                .hasValueSatisfying(
                        text -> assertThat(text).startsWith("channel 0 of head 0 of the query at position 1 is 11.75"));
        assertThat(result(9).violation(new float[] {35 / 3f, 10.5f, 17, Float.NaN}, 0))
                .hasValueSatisfying(text -> assertThat(text)
                        .startsWith("channel 0 of head 1 of the query at position 2 is NaN, but must lie within "));
    }
}
