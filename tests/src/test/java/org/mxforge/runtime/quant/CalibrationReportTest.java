package org.mxforge.runtime.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.runtime.base.MxForgeException;

class CalibrationReportTest {
    private static final List<LinearSite> SITES = List.of(site("a", 64), site("b", 160));

    @TempDir
    Path work;

    private Path file;
    private CalibrationReport report;

    @BeforeEach
    void save() {
        file = work.resolve("calibration.json");
        report = Calibrations.random(SITES, new Partitioning(SortMetric.HESSIAN, new PartSizes.ByThreshold(0.3), 32));
        report.save(file);
    }

    @Test
    void whatIsLoadedIsWhatWasSaved() throws IOException {
        assertThat(CalibrationReport.load(file)).isEqualTo(report);
        try (Stream<Path> found = Files.list(work)) {
            assertThat(found).containsExactly(file);
        }
    }

    @Test
    void countsMayBeChangedByHand() throws IOException {
        PartCounts old = report.site("a", 64).counts();
        edit(
                "\"counts\":{\"p4\":%d,\"p6\":%d,\"p8\":%d}".formatted(old.p4(), old.p6(), old.p8()),
                "\"counts\":{\"p4\":0,\"p6\":64,\"p8\":0}");
        assertThat(CalibrationReport.load(file).site("a", 64).counts()).isEqualTo(new PartCounts(0, 64, 0));
    }

    @Test
    void anExistingFileIsLeftAlone() {
        assertThatThrownBy(() -> report.save(file))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("exists");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"version\":1 | \"version\":2 | version 2",
                "\"version\":1, | '' | version",
                "metric=hessian | metric=best | best",
                "granularity=32 | granularity=64 | granularity",
                "\"channels\":64 | \"channels\":63 | a",
                "\"order\":[ | \"order\":[64, | order",
                "\"order\":[ | \"order\":[0, | permutation",
                "\"samples\":1 | \"samples\":-1 | samples",
                "\"elements\":{\"p4\": | \"elements\":{\"p4\":-1 | p4",
                "\"tokens\":40 | \"tokens\":40.5 | tokens",
                "\"sites\":{ | \"sites\":{\"a\":{}, | a",
            })
    void damagedFilesAreRefused(String old, String changed, String wanted) throws IOException {
        edit(old.strip(), changed.strip());
        assertThatThrownBy(() -> CalibrationReport.load(file))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(wanted.strip());
    }

    @Test
    void anotherModelsCalibrationIsNoticed() {
        assertThatThrownBy(() -> report.site("c", 64))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("no site c");
        assertThatThrownBy(() -> report.site("a", 128))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContainingAll("64", "128");
    }

    @Test
    void averageBitsWeighSitesByTheirChannels() {
        Partitioning byHand = new Partitioning(SortMetric.MEAN, new PartSizes.ByHand(OptionalInt.empty(), 0, 64), 32);
        // Site a: 64 channels of 8 bits; site b: 96 of 4 and 64 of 8.
        assertThat(Calibrations.random(SITES, byHand).averageBits()).isEqualTo((64 * 8 + 96 * 4 + 64 * 8) / 224.0);
    }

    private void edit(String old, String changed) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(old);
        int at = text.indexOf(old);
        Files.writeString(file, text.substring(0, at) + changed + text.substring(at + old.length()));
    }

    private static LinearSite site(String name, int channels) {
        return new LinearSite(name, List.of(new LinearLayer(name + "_proj", 32, channels, false)));
    }
}
