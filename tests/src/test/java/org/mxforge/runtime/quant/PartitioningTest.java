package org.mxforge.runtime.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.mxforge.runtime.base.MxForgeException;

class PartitioningTest {
    @Property
    void countsAreMultiplesThatAddUp(
            @ForAll @LongRange(min = 0, max = 1L << 52) long p4,
            @ForAll @LongRange(min = 0, max = 1L << 51) long p6,
            @ForAll @LongRange(min = 0, max = 1L << 51) long p8,
            @ForAll @IntRange(min = 1, max = 500) int blocks,
            @ForAll @From("granularities") int granularity) {
        int channels = blocks * granularity;
        PartCounts counts = byThreshold(granularity).counts("site", channels, new PartShares(p4, p6, p8));
        assertThat(counts.channels()).isEqualTo(channels);
        assertThat(counts.fits(granularity)).isTrue();
        assertThat(counts.p4()).isNotNegative();
        assertThat(counts.p6()).isNotNegative();
        assertThat(counts.p8()).isNotNegative();
        // The widest format never gets less than its share.
        double elements = (double) p4 + p6 + p8;
        assertThat(counts.p8())
                .isGreaterThanOrEqualTo((int) Math.floor(elements == 0 ? channels : p8 / elements * channels));
    }

    @Example
    void twoRoundingsUpNeverTakeMoreThanThereIs() {
        assertThat(byThreshold(128).counts("site", 256, new PartShares(1, 300, 310)))
                .isEqualTo(new PartCounts(0, 0, 256));
        assertThat(byThreshold(128).counts("site", 256, new PartShares(200, 1, 1)))
                .isEqualTo(new PartCounts(0, 128, 128));
        assertThat(byThreshold(128).counts("site", 128, new PartShares(200, 1, 1)))
                .isEqualTo(new PartCounts(0, 0, 128));
    }

    @Example
    void countsByHandLeaveTheRestToFp4() {
        Partitioning partitioning = byHand(OptionalInt.empty(), 64, 32);
        assertThat(partitioning.counts("site", 256, new PartShares(1, 1, 1))).isEqualTo(new PartCounts(160, 64, 32));
        assertThat(partitioning.counts("site", 96, new PartShares(1, 1, 1))).isEqualTo(new PartCounts(0, 64, 32));
    }

    /** To the nearest multiple, and never more than there are. */
    @Example
    void sharesAreThoseOfTheChannels() {
        PartShares any = new PartShares(1, 1, 1);
        assertThat(byShare(70, 20, 10).counts("site", 4096, any)).isEqualTo(new PartCounts(2944, 768, 384));
        assertThat(byShare(70, 20, 10).counts("site", 14_336, any)).isEqualTo(new PartCounts(10_112, 2816, 1408));
        assertThat(byShare(0, 50, 50).counts("site", 128, any)).isEqualTo(new PartCounts(0, 0, 128));
        assertThat(byShare(100, 0, 0).counts("site", 128, any)).isEqualTo(new PartCounts(128, 0, 0));
    }

    /** Where nothing can be measured, each site has its own order. */
    @Example
    void aShuffledCalibrationIsCutAlike() {
        List<LinearSite> sites = Stream.of("a", "b")
                .map(name -> new LinearSite(name, List.of(new LinearLayer(name, 64, 1280, false))))
                .toList();
        CalibrationReport report = CalibrationReport.shuffled(sites, byShare(70, 20, 10), 1);
        assertThat(report.site("a", 1280).counts()).isEqualTo(new PartCounts(896, 256, 128));
        assertThat(report.site("a", 1280).order())
                .isNotEqualTo(report.site("b", 1280).order());
        assertThatThrownBy(() -> CalibrationReport.shuffled(sites, byThreshold(128), 1))
                .hasMessageContaining("must be measured");
    }

    private static Partitioning byShare(int p4, int p6, int p8) {
        return new Partitioning(SortMetric.MEAN, new PartSizes.ByShare(p4, p6, p8), 128);
    }

    @Example
    void countsByHandThatDoNotFitNameTheSite() {
        assertRefused(byHand(OptionalInt.empty(), 64, 64), 96, "model.layers.1.mlp.down", "96", "128");
        assertRefused(byHand(OptionalInt.of(64), 64, 64), 256, "model.layers.1.mlp.down", "leave out p4");
        assertRefused(
                new Partitioning(SortMetric.MEAN, new PartSizes.ByHand(OptionalInt.empty(), 32, 32), 64),
                256,
                "model.layers.1.mlp.down",
                "granularity 64");
    }

    @Example
    void aWidthThatCannotBeCutNamesAGranularityThatCould() {
        assertRefused(byThreshold(128), 192, "model.layers.1.mlp.down", "192", "granularity=64 or granularity=32");
        assertRefused(byThreshold(128), 96, "granularity=32");
        assertRefused(byThreshold(32), 80, "model.layers.1.mlp.down", "80", "multiple of 32");
    }

    private static void assertRefused(Partitioning partitioning, int channels, String... wanted) {
        assertThatThrownBy(() -> partitioning.counts("model.layers.1.mlp.down", channels, new PartShares(1, 1, 1)))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContainingAll(wanted);
    }

    private static Partitioning byThreshold(int granularity) {
        return new Partitioning(SortMetric.MEAN, new PartSizes.ByThreshold(1), granularity);
    }

    private static Partitioning byHand(OptionalInt p4, int p6, int p8) {
        return new Partitioning(SortMetric.MEAN, new PartSizes.ByHand(p4, p6, p8), 32);
    }

    @Provide
    Arbitrary<Integer> granularities() {
        return Arbitraries.of(32, 64, 128);
    }
}
