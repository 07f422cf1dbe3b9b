package org.mxforge.runtime.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The script beside the tests prints what {@code --with-peers} reads; it needs a GPU and PyTorch to run. */
class GemmPeersTest {
    @Test
    void columnsAndPacesAreTheBenchmarksOwn() throws IOException {
        String script = Files.readString(Path.of("src", "peers", "gemm_peers.py"));
        assertThat(script)
                .contains(
                        "HEADER = \"" + BenchRow.PEER_COLUMNS + "\"",
                        "{'" + Pace.BURST.suffix() + "' if burst else ''}");
        assertThat(PeerFile.parse(
                                "peers",
                                BenchRow.PEER_COLUMNS
                                        + "\nbf16_burst,16,128,256,0.07812,0.0\nint8,16,128,256,failed,no")
                        .failed())
                .isOne();
    }
}
