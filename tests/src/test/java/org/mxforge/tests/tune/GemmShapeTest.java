package org.mxforge.tests.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.runtime.tune.GemmShape;

class GemmShapeTest {
    @Property
    void aBucketIsThePowerOfTwoThatHoldsM(@ForAll @IntRange(min = 1, max = 16384) int m) {
        int bucket = GemmShape.bucket(m);
        assertThat(Integer.bitCount(bucket)).isEqualTo(1);
        assertThat(bucket).isGreaterThanOrEqualTo(m).isLessThan(2 * m);
        assertThat(GemmShape.bucket(bucket)).isEqualTo(bucket);
    }

    @Property
    void bucketsGrowWithMUpToTheLast(@ForAll @IntRange(min = 1, max = Integer.MAX_VALUE - 1) int m) {
        assertThat(GemmShape.bucket(m))
                .isLessThanOrEqualTo(GemmShape.bucket(m + 1))
                .isLessThanOrEqualTo(16384);
    }

    @Property
    void textReadsBack(
            @ForAll @IntRange(min = 1, max = 1 << 20) int m,
            @ForAll @IntRange(min = 1, max = 1 << 20) int n,
            @ForAll @Size(min = 1, max = 8) List<@IntRange(max = 1 << 16) Integer> k) {
        GemmShape shape = new GemmShape(m, n, k);
        assertThat(GemmShape.parse(shape.text())).isEqualTo(shape);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "m1", "m1,n2,k", "m-1,n2,k3", "m0,n2,k3", "m1,n2,k3+", "m9999999999,n1,k1", "m1,n2,k3 "})
    void otherTextIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> GemmShape.parse(text));
    }
}
