package org.mxforge.runtime.cli.bench;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mxforge bench decode}: GEMMs of few tokens, which read weights more than they compute. */
@Command(
        name = "decode",
        description = {
            "Times GEMMs of few tokens and prints the columns of gemm_peers.py, then packed bytes of the weight over time,"
                    + " in GB/s and as a fraction of the bandwidth that a 2 GiB copy has in the same run, then clock and use of the"
                    + " tensor cores as bench gemm does."
        },
        footer = {
            "",
            "Examples:",
            "  mxforge bench decode --ms 1,8,16 --nks 14336x4096,4096x14336",
            "  mxforge bench decode --ms 1 --pairs e2m1xe2m1 --with-peers peers.csv"
        })
final class BenchDecodeCommand extends GpuBenchmark {
    @Option(
            names = "--ms",
            paramLabel = "M",
            split = ",",
            defaultValue = "1,8,16",
            description = "Tokens; default ${DEFAULT-VALUE}.")
    private List<Integer> ms;

    @Mixin
    private GemmOptions gemms;

    @Override
    public Integer call() {
        GemmSweep sweep = read(() -> gemms.sweep(ms));
        GemmReport report = gemms.report(console());
        try (BenchGpu gpu = open(gemms.tuning())) {
            Rate copy = gpu.copyRate();
            return report.of(BenchReport.againstCopy(console(), copy), lines -> sweep.decode(gpu, copy, lines));
        }
    }
}
