package org.mxforge.runtime.cli.bench;

import java.nio.file.Path;
import java.util.Optional;
import org.mxforge.runtime.cli.console.TextFile;
import picocli.CommandLine.Option;

/** The option that names what others measured. */
final class PeerOption {
    @Option(
            names = "--with-peers",
            paramLabel = "FILE",
            description = {
                "Lines that gemm_peers.py printed on this GPU: compares our rates with them. Peers whose names end in _burst"
                        + " are compared with our bursts, all others with our sustained rates."
            })
    private Path file;

    Optional<PeerFile> read() {
        return Optional.ofNullable(file).map(path -> PeerFile.parse(path.toString(), TextFile.read(path)));
    }
}
