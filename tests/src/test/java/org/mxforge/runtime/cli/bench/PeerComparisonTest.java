package org.mxforge.runtime.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.mxforge.runtime.cli.bench.Pace.SUSTAINED;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.runtime.base.MxForgeException;

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
        return row(peer, Pace.SUSTAINED, m, millis);
    }

    private static BenchRow row(String peer, Pace pace, int m, double millis) {
        Measurement measured = new Measurement(
                new Rate(millis, 1, 1), OptionalDouble.empty(), OptionalInt.empty(), OptionalDouble.empty());
        return new BenchRow(peer, pace, m, 256, 512, Optional.of(measured), "");
    }

    @Test
    void whatPeersPrintedIsRead() {
        PeerFile file = PeerFile.parse("peers.csv", PEERS);
        assertThat(file.rows())
                .containsExactly(
                        new PeerRow("bf16", SUSTAINED, 64, 256, 512, 0.5),
                        new PeerRow("fp8_row", SUSTAINED, 64, 256, 512, 0.2),
                        new PeerRow("bf16", SUSTAINED, 128, 256, 512, 0.4),
                        new PeerRow("triton", SUSTAINED, 1, 2, 3, 0.1));
        assertThat(file.failed()).isEqualTo(1);
    }

    @Test
    void ourOwnLinesCanBePeers() {
        Rate rate = new Rate(0.25, 1e6, 1e9);
        Measurement whole =
                new Measurement(rate, OptionalDouble.of(0.5), OptionalInt.of(1395), OptionalDouble.of(0.75));
        Measurement bare = new Measurement(rate, OptionalDouble.empty(), OptionalInt.empty(), OptionalDouble.empty());
        String text = String.join(
                "\n",
                BenchRow.header("floor"),
                new BenchRow("mxforge_x", SUSTAINED, 1, 2, 32, Optional.of(whole), "").csv(),
                new BenchRow("mxforge_x", Pace.BURST, 1, 2, 32, Optional.of(bare), "").csv(),
                new BenchRow("mxforge_x", SUSTAINED, 2, 2, 32, Optional.empty(), "no room, none\n at all").csv());
        assertThat(text)
                .isEqualTo(
                        """
                        peer,M,N,K,ms,TFLOPs,GBps,floor,MHz,util
                        mxforge_x,1,2,32,0.25000,4.0,4,0.500,1395,0.750
                        mxforge_x_burst,1,2,32,0.25000,4.0,4,,,
                        mxforge_x,2,2,32,failed,no room; none at all""");
        PeerFile read = PeerFile.parse("ours.csv", text);
        assertThat(read.rows())
                .containsExactly(
                        new PeerRow("mxforge_x", SUSTAINED, 1, 2, 32, 0.25),
                        new PeerRow("mxforge_x", Pace.BURST, 1, 2, 32, 0.25));
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
        BenchRow failed = new BenchRow("a", SUSTAINED, 64, 256, 512, Optional.empty(), "no");
        PeerComparison comparison = PeerComparison.of(
                List.of(row("a", 64, 0.1), row("a", 128, 0.1), row("a", 256, 0.1), failed),
                PeerFile.parse("peers.csv", PEERS).rows());
        assertThat(comparison.peers()).containsExactly("bf16", "fp8_row");
        assertThat(comparison.lines()).hasSize(2);
        assertThat(comparison.lines().get(0).ratio("bf16")).hasValueCloseTo(5.0, within(1e-12));
        assertThat(comparison.lines().get(0).ratio("fp8_row")).hasValueCloseTo(2.0, within(1e-12));
        assertThat(comparison.lines().get(1).ratio("fp8_row")).isEmpty();
        assertThat(comparison.mean("bf16")).hasValueCloseTo(Math.sqrt(20), within(1e-12));
        assertThat(comparison.mean("fp8_row")).hasValueCloseTo(2.0, within(1e-12));
        assertThat(comparison.mean("triton")).isEmpty();
    }

    @Test
    void burstsAreJoinedWithBurstsOnly() {
        PeerComparison comparison = PeerComparison.of(
                List.of(row("a", 64, 1), row("a", Pace.BURST, 64, 0.5), row("a", Pace.BURST, 128, 0.5)),
                List.of(new PeerRow("p", SUSTAINED, 64, 256, 512, 3), new PeerRow("p", Pace.BURST, 64, 256, 512, 2)));
        assertThat(comparison.lines()).hasSize(2);
        assertThat(comparison.lines().get(0).ratio("p")).hasValueCloseTo(3.0, within(1e-12));
        assertThat(comparison.lines().get(1).ratio("p")).hasValueCloseTo(4.0, within(1e-12));
    }

    @Test
    void theLastOfTwoMeasurementsCounts() {
        PeerComparison comparison = PeerComparison.of(
                List.of(row("a", 64, 1)),
                List.of(new PeerRow("p", SUSTAINED, 64, 256, 512, 7), new PeerRow("p", SUSTAINED, 64, 256, 512, 3)));
        assertThat(comparison.mean("p")).hasValueCloseTo(3.0, within(1e-12));
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
