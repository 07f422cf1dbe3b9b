package org.mxforge.dsl.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.dsl.format.ElementFormat;

/** Channel splits: their arithmetic, their text, and what they refuse. */
class ChannelSplitTest {
    private static final FormatPair FP4 = new FormatPair(ElementFormat.E2M1, ElementFormat.E2M1);
    private static final FormatPair FP8X4 = new FormatPair(ElementFormat.E4M3, ElementFormat.E2M1);

    @Example
    void countsChannelsAndMeanBits() {
        ChannelSplit split = new ChannelSplit(List.of(new Partition(FP4, 384), new Partition(FP8X4, 128)), 128);
        assertThat(split.channels()).isEqualTo(512);
        assertThat(split.activationBits()).isEqualTo(5);
        assertThat(split.weightBits()).isEqualTo(4);
        assertThat(split.pairs()).containsExactly(FP4, FP8X4);
        assertThat(split.text()).isEqualTo("e2m1xe2m1:384+e4m3xe2m1:128/128");
        assertThat(split.groups().count(split.partitions().get(0).channels())).isEqualTo(12);
    }

    @Example
    void groupsAreWrittenUnlessTheyAreThoseOfOcpMx() {
        ChannelSplit split = new ChannelSplit(List.of(new Partition(FP4, 384)), 128);
        assertThat(split.groups()).isEqualTo(GroupLayout.MX);
        ChannelSplit fine = new ChannelSplit(split.partitions(), 128, GroupLayout.parse("g16"));
        assertThat(fine.text()).isEqualTo("e2m1xe2m1:384/128/g16");
        assertThat(ChannelSplit.parse(fine.text())).isEqualTo(fine);
        assertThat(fine.groups().count(384)).isEqualTo(24);
    }

    @Example
    void thereAreTwentyFivePairs() {
        assertThat(FormatPair.all()).hasSize(25).doesNotHaveDuplicates();
        assertThat(FormatPair.all())
                .allSatisfy(pair -> assertThat(FormatPair.parse(pair.text())).isEqualTo(pair));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void theTextParsesBack(@ForAll("splits") ChannelSplit split) {
        assertThat(ChannelSplit.parse(split.text())).isEqualTo(split);
    }

    @Provide
    Arbitrary<ChannelSplit> splits() {
        return Arbitraries.of(32, 64, 128).flatMap(granularity -> Arbitraries.of(FormatPair.all())
                .flatMap(pair ->
                        Arbitraries.integers().between(1, 1000).map(units -> new Partition(pair, units * granularity)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(ChannelSplit.MAX_PARTITIONS)
                .map(parts -> new ChannelSplit(parts, granularity)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                               | bad channel split ''",
                "e2m1xe2m1:96                     | bad channel split",
                "e2m1xe2m1/32                     | bad channel split",
                "e2m1xe2m1:/32                    | bad channel split",
                "e2m1xe2m1:ninety/32              | bad channel split",
                "e2m1xe2m1:96/                    | bad channel split",
                "e2m1xe2m1:096/32                 | bad channel split",
                "e2m1xe2m1:99999999999/32         | bad channel split",
                "e2m1xe2m1:96+/32                 | bad channel split",
                "e2m1:96/32                       | bad format pair 'e2m1'",
                "e2m1xe9m9:96/32                  | unknown element format 'e9m9'",
                "e2m1xe2m1:40/32                  | a positive multiple of 32 is needed",
                "e2m1xe2m1:0/32                   | has 0 channels",
                "e2m1xe2m1:-32/32                 | has -32 channels",
                "e2m1xe2m1:96/48                  | granularity 48 is not 32, 64 or 128",
                "e2m1xe2m1:96/32/g64              | is not a multiple of 64, as groups g64 want",
                "e2m1xe2m1:96/32/g32              | bad channel split",
                "e2m1xe2m1:96/32/g48              | there are no groups of 48",
                "e2m1xe2m1:96/64                  | is not a multiple of granularity 64",
                "e2m1xe2m1:2147483616+e2m1xe2m1:2147483616/32 | is too wide"
            })
    void aBadTextIsRefusedByNameAndReason(String text, String reason) {
        assertThatThrownBy(() -> ChannelSplit.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Example
    void impossibleSplitsAreRefused() {
        refused(() -> new ChannelSplit(List.of(), 32), "1 to 8 partitions, not 0");
        refused(() -> new ChannelSplit(Collections.nCopies(9, new Partition(FP4, 32)), 32), "1 to 8 partitions, not 9");
        refused(() -> new Partition(null, 32), "needs a format pair");
        refused(() -> new FormatPair(null, ElementFormat.E2M1), "needs an activation format and a weight format");
    }

    private static void refused(ThrowingCallable attempt, String reason) {
        assertThatThrownBy(attempt).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(reason);
    }
}
