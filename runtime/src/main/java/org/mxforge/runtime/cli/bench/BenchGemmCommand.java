package org.mxforge.runtime.cli.bench;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mxforge bench gemm}: mixed GEMMs, beside their peers. */
@Command(
        name = "gemm",
        description = {
            "Times mixed GEMMs and prints the columns of gemm_peers.py, then GB/s, the fraction of the floor (what the peak"
                    + " rates of this GPU allow at its highest clock, 1 being the best), the clock right after in MHz, and the fraction"
                    + " of what the tensor cores can do at that clock."
        },
        footer = {
            "",
            "Examples:",
            "  mxforge bench gemm --ms 2048,8192 --nks 4096x4096,14336x4096 --pairs e2m1xe2m1,e4m3xe2m1",
            "  mxforge bench gemm --pace sustained,burst --csv rows.csv",
            "  python gemm_peers.py > peers.csv && mxforge bench gemm --with-peers peers.csv"
        })
final class BenchGemmCommand extends GpuBenchmark {
    @Option(
            names = "--ms",
            paramLabel = "M",
            split = ",",
            defaultValue = "2048,8192,16384",
            description = "Tokens; default ${DEFAULT-VALUE}.")
    private List<Integer> ms;

    @Mixin
    private GemmOptions gemms;

    @Override
    public Integer call() {
        GemmSweep sweep = read(() -> gemms.sweep(ms));
        GemmReport report = gemms.report(console());
        try (BenchGpu gpu = open(gemms.tuning())) {
            return report.of(BenchReport.againstFloor(console()), lines -> sweep.gemm(gpu, lines));
        }
    }
}
