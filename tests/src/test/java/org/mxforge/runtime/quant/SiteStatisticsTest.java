package org.mxforge.runtime.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mxforge.runtime.base.MxForgeException;

/** Calibration of one site on activations whose result can be worked out by hand. */
class SiteStatisticsTest {
    private static final Partitioning MEAN = partitioning(SortMetric.MEAN, 1);

    @Test
    void thresholdsAreThoseOfMicroMix() {
        // A token with maximum 1024 has T4 = 448/6 = 74.67 and T6 = 448/28 * 16 = 256.
        float[] row = new float[128];
        Arrays.fill(row, 0, 96, 74.6f);
        Arrays.fill(row, 96, 100, 74.7f);
        Arrays.fill(row, 100, 110, 255.9f);
        Arrays.fill(row, 110, 127, 256f);
        row[127] = 1024;
        SiteCalibration result = calibrate(MEAN, row);
        assertThat(result.shares()).isEqualTo(new PartShares(96, 14, 18));
        // 14 and 18 channels, each rounded up to 32.
        assertThat(result.counts()).isEqualTo(new PartCounts(64, 32, 32));
        assertThat(result.counts().averageBits()).isEqualTo((4 * 64 + 6 * 32 + 8 * 32) / 128.0);
        assertThat(result.absMax()).isEqualTo(1024);
        assertThat(result.tokens()).isEqualTo(1);
    }

    @Test
    void signsDoNotMatter() {
        float[] row = ramp(128);
        float[] negative = ramp(128);
        for (int i = 0; i < negative.length; i++) {
            negative[i] = -negative[i];
        }
        assertThat(calibrate(MEAN, negative)).isEqualTo(calibrate(MEAN, row));
    }

    @Test
    void lambdaScalesBothThresholds() {
        float[] row = new float[128];
        Arrays.fill(row, 100);
        row[5] = 1024;
        assertThat(calibrate(MEAN, row).shares()).isEqualTo(new PartShares(0, 127, 1));
        assertThat(calibrate(partitioning(SortMetric.MEAN, 1.4), row).shares()).isEqualTo(new PartShares(127, 0, 1));
        assertThat(calibrate(partitioning(SortMetric.MEAN, 0.3), row).shares()).isEqualTo(new PartShares(0, 0, 128));
    }

    @Test
    void ordersByTheLargestMeanOverSamples() {
        SiteStatistics statistics = statistics("site", 32, MEAN);
        float[] first = ramp(32);
        float[] second = new float[32];
        second[0] = -100;
        statistics.add(first, 1);
        statistics.endSample();
        // Two tokens in one sample: their mean is 50, not 100 and 0 apart.
        statistics.add(second, 1);
        statistics.add(new float[32], 1);
        statistics.endSample();
        int[] order = statistics.result().order();
        assertThat(order[31]).isEqualTo(0);
        assertThat(Arrays.copyOf(order, 31))
                .containsExactly(IntStream.rangeClosed(1, 31).toArray());
    }

    @Test
    void metricsDifferWhereOneTokenStandsOut() {
        // Channel 0 is steady at 3, channel 1 is 5 once: means 3 and 2.5, mean squares 9 and 12.5.
        float[] rows = new float[64];
        rows[0] = 3;
        rows[32] = 3;
        rows[1] = 5;
        assertThat(calibrate(MEAN, rows, 32).order()).endsWith(1, 0);
        assertThat(calibrate(partitioning(SortMetric.HESSIAN, 1), rows, 32).order())
                .endsWith(0, 1);
    }

    @Test
    void equalChannelsKeepTheirOrder() {
        float[] row = new float[64];
        Arrays.fill(row, 7);
        assertThat(calibrate(MEAN, row).order())
                .containsExactly(IntStream.range(0, 64).toArray());
    }

    @Test
    void aTokenOfZerosFitsAnywhere() {
        SiteCalibration result = calibrate(MEAN, new float[128]);
        assertThat(result.shares()).isEqualTo(new PartShares(128, 0, 0));
        assertThat(result.counts()).isEqualTo(new PartCounts(128, 0, 0));
    }

    @Test
    void anExactShareIsNotRoundedUp() {
        float[] row = new float[96];
        Arrays.fill(row, 0, 32, 1);
        Arrays.fill(row, 32, 64, 20);
        Arrays.fill(row, 64, 96, 100);
        assertThat(calibrate(MEAN, row).counts()).isEqualTo(new PartCounts(32, 32, 32));
    }

    @Test
    void anUnseenSiteKeepsItsOrderAndTheWidestFormat() {
        SiteCalibration result = statistics("site", 64, MEAN).result();
        assertThat(result.counts()).isEqualTo(new PartCounts(0, 0, 64));
        assertThat(result.order()).containsExactly(IntStream.range(0, 64).toArray());
        assertThat(result.tokens()).isZero();
    }

    @Test
    void nanAndInfinityNameTheSite() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            float[] row = ramp(32);
            row[7] = bad;
            assertThatThrownBy(() ->
                            statistics("model.layers.3.mlp.down", 32, MEAN).add(row, 1))
                    .isInstanceOf(MxForgeException.class)
                    .hasMessageContaining("model.layers.3.mlp.down");
        }
    }

    /** One sample of one token. */
    private static SiteCalibration calibrate(Partitioning partitioning, float[] row) {
        return calibrate(partitioning, row, row.length);
    }

    private static SiteCalibration calibrate(Partitioning partitioning, float[] values, int channels) {
        SiteStatistics statistics = statistics("site", channels, partitioning);
        statistics.add(values, values.length / channels);
        statistics.endSample();
        return statistics.result();
    }

    private static SiteStatistics statistics(String site, int channels, Partitioning partitioning) {
        LinearSite alone = new LinearSite(site, List.of(new LinearLayer(site, 1, channels, false)));
        return SiteStatistics.of(List.of(alone), partitioning, InputStatistics.Kind.NONE)
                .get(site);
    }

    private static float[] ramp(int channels) {
        float[] row = new float[channels];
        for (int i = 0; i < channels; i++) {
            row[i] = i;
        }
        return row;
    }

    private static Partitioning partitioning(SortMetric metric, double lambda) {
        return new Partitioning(metric, new PartSizes.ByThreshold(lambda), 32);
    }
}
