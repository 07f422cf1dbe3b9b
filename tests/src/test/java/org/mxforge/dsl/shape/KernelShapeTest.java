package org.mxforge.dsl.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelShapeTest {
    @Property
    void aBucketIsThePowerOfTwoThatHoldsM(@ForAll @IntRange(min = 1, max = 16384) int m) {
        int bucket = KernelShape.bucket(m);
        assertThat(Integer.bitCount(bucket)).isEqualTo(1);
        assertThat(bucket).isGreaterThanOrEqualTo(m).isLessThan(2 * m);
        assertThat(KernelShape.bucket(bucket)).isEqualTo(bucket);
    }

    @Property
    void bucketsGrowWithMUpToTheLast(@ForAll @IntRange(min = 1, max = Integer.MAX_VALUE - 1) int m) {
        assertThat(KernelShape.bucket(m))
                .isLessThanOrEqualTo(KernelShape.bucket(m + 1))
                .isLessThanOrEqualTo(16384);
    }

    @Property
    void textReadsBack(
            @ForAll @IntRange(min = 1, max = 1 << 20) int m,
            @ForAll @IntRange(min = 1, max = 1 << 20) int n,
            @ForAll @Size(min = 1, max = 8) List<@IntRange(max = 1 << 16) Integer> k) {
        GemmShape shape = new GemmShape(m, n, k);
        assertThat(KernelShape.parse(shape.text())).isEqualTo(shape);
        QuantizeShape rows = new QuantizeShape(m, k);
        assertThat(KernelShape.parse(rows.text())).isEqualTo(rows);
        GroupedShape experts = new GroupedShape(n, m, n, k);
        assertThat(KernelShape.parse(experts.text())).isEqualTo(experts);
    }

    @Property
    void textOfAttentionReadsBack(
            @ForAll @IntRange(min = 1, max = 1 << 10) int batch,
            @ForAll @IntRange(min = 1, max = 1 << 14) int queries,
            @ForAll @IntRange(max = 1 << 17) int before,
            @ForAll @IntRange(min = 1, max = 16) int group,
            @ForAll @IntRange(min = 1, max = Integer.MAX_VALUE) int window) {
        AttentionShape shape = new AttentionShape(batch, queries, before + queries, 8 * group, 8, window);
        assertThat(KernelShape.parse(shape.text())).isEqualTo(shape);
        AttentionShape bucketed = shape.bucketed();
        assertThat(bucketed.bucketed()).isEqualTo(bucketed);
        assertThat(bucketed.context()).isGreaterThanOrEqualTo(shape.context());
        assertThat(bucketed.window() == bucketed.context()).isEqualTo(shape.window() == shape.context());
        assertThat(bucketed.m()).isGreaterThanOrEqualTo(shape.m());
    }

    @Test
    void queriesSeeTheMeanOfTheirWindows() {
        assertThat(new AttentionShape(1, 1, 100, 8, 2, 1000).seen()).isEqualTo(100);
        assertThat(new AttentionShape(1, 4, 4, 8, 2, 1000).seen()).isEqualTo((1 + 2 + 3 + 4) / 4.0);
        assertThat(new AttentionShape(1, 4, 6, 8, 2, 4).seen()).isEqualTo((3 + 4 + 4 + 4) / 4.0);
        assertThat(new AttentionShape(1, 4, 60, 8, 2, 4).seen()).isEqualTo(4);
    }

    @Test
    void attentionReadsWhatItsQueriesSeeOnce() {
        AttentionWork work = new AttentionWork(new AttentionShape(3, 10, 100, 8, 2, 20), 64, 128, 2);
        long queries = 3 * 10 * 8 * 64 * 2;
        assertThat(work.written()).isEqualTo(queries);
        assertThat(work.bytes()).isEqualTo(2 * queries + 3 * 29 * 2 * 2 * 128);
        assertThat(work.macs()).isEqualTo(2.0 * 3 * 10 * 8 * 20 * 64);
    }

    @Test
    void allKindsShareTheBuckets() {
        assertThat(new AttentionShape(3, 300, 700, 8, 2, 1000).bucketed())
                .isEqualTo(new AttentionShape(4, 512, 1024, 8, 2, 1024));
        assertThat(new AttentionShape(3, 300, 700, 8, 2, 600).bucketed())
                .isEqualTo(new AttentionShape(4, 512, 1024, 8, 2, 600));
        assertThat(new GroupedShape(6, 300, 64, List.of(32)).bucketed())
                .isEqualTo(new GroupedShape(6, 512, 64, List.of(32)));
        assertThat(new GemmShape(300, 64, List.of(32)).bucketed()).isEqualTo(new GemmShape(512, 64, List.of(32)));
        assertThat(new QuantizeShape(300, List.of(32)).bucketed()).isEqualTo(new QuantizeShape(512, List.of(32)));
    }

    @Test
    void textIsAsWisdomHasIt() {
        assertThat(new GemmShape(1, 768, List.of(896, 128)).text()).isEqualTo("m1,n768,k896+128");
        assertThat(new QuantizeShape(512, List.of(896, 128)).text()).isEqualTo("m512,k896+128");
        assertThat(new GroupedShape(8, 128, 768, List.of(896, 128)).text()).isEqualTo("e8,m128,n768,k896+128");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "m1",
                "m1,n2",
                "m1,k",
                "m0,k32",
                "m1,k999999999+999999999+999999999",
                "m1,n2,k",
                "m-1,n2,k3",
                "m0,n2,k3",
                "m1,n2,k3+",
                "m9999999999,n1,k1",
                "m1,n2,k3 ",
                "e8,m1,k3",
                "e8,n2,k3",
                "e,m1,n2,k3",
                "e0,m1,n2,k3",
                "e9999999999,m1,n2,k3",
                "m1,e8,n2,k3",
                "b",
                "b1,q1,c1",
                "b1,q1,c1,h8",
                "b1,q1,c1,h8/2,w",
                "b1,q1,h8/2,c1",
                "b1,q1,c1,h8/2,w9999999999"
            })
    void otherTextIsRefused(String text) {
        // A number that cannot be read would be refused as well, but without a word about shapes.
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KernelShape.parse(text))
                .withMessageContaining("shape ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"b0,q1,c1,h8/2", "b1,q2,c1,h8/2", "b1,q1,c1,h8/3", "b1,q1,c1,h8/0", "b1,q1,c1,h8/2,w0"})
    void attentionThatCannotBeIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KernelShape.parse(text))
                .withMessageContaining("attention ");
    }

    @Property
    void spreadTokensAreUnequalAndKeepTheMean(
            @ForAll @IntRange(min = 1, max = 128) int experts, @ForAll @IntRange(min = 1, max = 16384) int m) {
        List<Integer> spread = new GroupedShape(experts, m, 1, List.of(32)).spread();
        assertThat(spread).hasSize(experts).allMatch(tokens -> tokens >= m / 2 && tokens <= m + (m + 1) / 2);
        assertThat(spread.stream().mapToInt(Integer::intValue).sum()).isEqualTo(experts * m);
        if (experts > 1 && m > 1) {
            assertThat(new HashSet<>(spread)).hasSizeGreaterThan(1);
        }
    }

    @Test
    void spreadTokensAreOneEachOrAroundTheMean() {
        assertThat(new GroupedShape(8, 1, 1, List.of(32)).spread()).containsOnly(1);
        assertThat(new GroupedShape(8, 128, 1, List.of(32)).spread())
                .containsExactly(72, 104, 136, 168, 184, 152, 120, 88);
    }
}
