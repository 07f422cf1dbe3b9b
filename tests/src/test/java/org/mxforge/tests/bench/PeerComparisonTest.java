package org.mxforge.tests.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.runtime.MxForgeException;
import org.mxforge.runtime.bench.BenchRow;
import org.mxforge.runtime.bench.PeerComparison;
import org.mxforge.runtime.bench.PeerFile;
import org.mxforge.runtime.bench.PeerRow;
import org.mxforge.runtime.bench.Rate;

class PeerComparisonTest {
    private static final String PEERS =
            """
            peer,M,N,K,ms,TFLOPs
            bf16,64,256,512,0.5000,33.5
            fp8_row,64,256,512,0.2000,83.9
            bf16,128,256,512,0.4000,83.9
            int8,64,256,512,failed,RuntimeError: no, not this

            triton,1,2,3,0.1000,0.0
            peer,M,N,K,ms,TFLOPs
            """;

    private static BenchRow row(String peer, int m, double millis) {
        return new BenchRow(peer, m, 256, 512, Optional.of(new Rate(millis, 1, 1)), OptionalDouble.empty(), "");
    }

    @Test
    void whatPeersPrintedIsRead() {
        PeerFile file = PeerFile.parse("peers.csv", PEERS);
        assertThat(file.rows())
                .containsExactly(
                        new PeerRow("bf16", 64, 256, 512, 0.5),
                        new PeerRow("fp8_row", 64, 256, 512, 0.2),
                        new PeerRow("bf16", 128, 256, 512, 0.4),
                        new PeerRow("triton", 1, 2, 3, 0.1));
        assertThat(file.failed()).isEqualTo(1);
    }

    @Test
    void ourOwnLinesCanBePeers() {
        BenchRow ours =
                new BenchRow("mxforge_x", 1, 2, 32, Optional.of(new Rate(0.25, 1e6, 1e9)), OptionalDouble.of(0.5), "");
        BenchRow failed =
                new BenchRow("mxforge_x", 2, 2, 32, Optional.empty(), OptionalDouble.empty(), "no room, none\n at all");
        String text = String.join("\n", BenchRow.header("floor"), ours.csv(), failed.csv());
        assertThat(text)
                .isEqualTo(
                        """
                        peer,M,N,K,ms,TFLOPs,GBps,floor
                        mxforge_x,1,2,32,0.25000,4.0,4,0.500
                        mxforge_x,2,2,32,failed,no room; none at all""");
        PeerFile read = PeerFile.parse("ours.csv", text);
        assertThat(read.rows()).containsExactly(new PeerRow("mxforge_x", 1, 2, 32, 0.25));
        assertThat(read.failed()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bf16,64,256,512,0.5",
                "bf16,64,256,512,fast,1",
                "bf16,64,256,5.5,0.5,1",
                "bf16,64,256,512,0,1",
                "bf16,64,256,512,NaN,1",
                "bf16,64,256,512,Infinity,1",
                "some words"
            })
    void damageIsNamedByItsLine(String line) {
        assertThatThrownBy(() -> PeerFile.parse("peers.csv", "peer,M,N,K,ms,TFLOPs\n\n" + line))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("line 3 of peers.csv");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bf16,64,256,512,0.5,33.5", "peer,M,N,K,ms,TFLOPsX"})
    void aFileOfAnotherKindIsRefused(String text) {
        assertThatThrownBy(() -> PeerFile.parse("peers.csv", text))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("peers.csv does not begin with 'peer,M,N,K,ms,TFLOPs'");
    }

    @Test
    void ratesAreJoinedByShape() {
        BenchRow failed = new BenchRow("a", 64, 256, 512, Optional.empty(), OptionalDouble.empty(), "no");
        PeerComparison comparison = PeerComparison.of(
                List.of(row("a", 64, 0.1), row("a", 128, 0.1), row("a", 256, 0.1), row("b", 64, 1), failed),
                PeerFile.parse("peers.csv", PEERS).rows());
        assertThat(comparison.peers()).containsExactly("bf16", "fp8_row");
        assertThat(comparison.kernels()).containsExactly("a", "b");
        assertThat(comparison.lines()).hasSize(3);
        assertThat(comparison.lines().get(0).ratio("bf16")).hasValueCloseTo(5.0, within(1e-12));
        assertThat(comparison.lines().get(0).ratio("fp8_row")).hasValueCloseTo(2.0, within(1e-12));
        assertThat(comparison.lines().get(1).ratio("fp8_row")).isEmpty();
        assertThat(comparison.mean("a", "bf16")).hasValueCloseTo(Math.sqrt(20), within(1e-12));
        assertThat(comparison.mean("a", "fp8_row")).hasValueCloseTo(2.0, within(1e-12));
        assertThat(comparison.mean("b", "bf16")).hasValueCloseTo(0.5, within(1e-12));
        assertThat(comparison.mean("a", "triton")).isEmpty();
    }

    @Test
    void theLastOfTwoMeasurementsCounts() {
        PeerComparison comparison = PeerComparison.of(
                List.of(row("a", 64, 1)),
                List.of(new PeerRow("p", 64, 256, 512, 7), new PeerRow("p", 64, 256, 512, 3)));
        assertThat(comparison.mean("a", "p")).hasValueCloseTo(3.0, within(1e-12));
    }

    @Test
    void theGeometricMean() {
        assertThat(PeerComparison.geometricMean()).isEmpty();
        assertThat(PeerComparison.geometricMean(2)).hasValueCloseTo(2.0, within(1e-12));
        assertThat(PeerComparison.geometricMean(0.5, 2)).hasValueCloseTo(1.0, within(1e-12));
        assertThat(PeerComparison.geometricMean(1, 2, 4, 8)).hasValueCloseTo(Math.sqrt(8), within(1e-12));
        assertThat(PeerComparison.geometricMean(1e300, 1e300)).hasValueCloseTo(1e300, within(1e288));
    }
}
