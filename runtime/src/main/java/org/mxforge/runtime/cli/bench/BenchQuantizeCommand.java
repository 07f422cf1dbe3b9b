package org.mxforge.runtime.cli.bench;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.TuningOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mxforge bench quantize}: reorder-quantize against a copy. */
@Command(
        name = "quantize",
        description = {
            "Times reorder-quantize of BF16 activations and prints the columns of gemm_peers.py, then bytes read and"
                    + " written over time, in GB/s and as a fraction of the bandwidth that a 2 GiB copy has in the same run,"
                    + " and the clock right after in MHz."
        },
        footer = {
            "",
            "Examples:",
            "  mxforge bench quantize --rows 8192 --ks 4096,14336 --split 70:20:10 --prologue none,rmsnorm,silumul",
            "  mxforge bench quantize --formats e2m1 --split 100 --ks 1024,32768 --transform none,hadamard"
        })
final class BenchQuantizeCommand extends GpuBenchmark {
    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "8192",
            description = "Tokens; default ${DEFAULT-VALUE}.")
    private int rows;

    @Option(
            names = "--ks",
            paramLabel = "K",
            split = ",",
            defaultValue = "4096,14336",
            description = "Channels of a row; default ${DEFAULT-VALUE}.")
    private List<Integer> channels;

    @Option(
            names = "--formats",
            paramLabel = "FORMAT",
            split = ",",
            defaultValue = "e2m1,e3m2,e4m3",
            description = "Formats of the partitions; default ${DEFAULT-VALUE}.")
    private List<String> formats;

    @Option(
            names = "--split",
            paramLabel = "P:P:...",
            defaultValue = "70:20:10",
            description = "Channels that each format gets; default ${DEFAULT-VALUE}.")
    private String split;

    @Option(
            names = "--rule",
            paramLabel = "RULE",
            defaultValue = "ceil",
            description = "How scales are chosen: ceil, clip, floor or even; default ${DEFAULT-VALUE}.")
    private String rule;

    @Option(
            names = "--transform",
            paramLabel = "TRANSFORM",
            split = ",",
            defaultValue = "none",
            description = "What groups go through: none, hadamard; default ${DEFAULT-VALUE}.")
    private List<String> transforms;

    @Option(
            names = "--prologue",
            paramLabel = "PROLOGUE",
            split = ",",
            defaultValue = "none,rmsnorm,silumul",
            description = "What is done before; default ${DEFAULT-VALUE}.")
    private List<String> prologues;

    @Mixin
    private PaceOption pace;

    @Mixin
    private TuningOptions tuning;

    @Mixin
    private BenchOutput file;

    @Override
    public Integer call() {
        Console console = console();
        QuantizeSweep sweep = read(() -> new QuantizeSweep(cases(), pace.paces()));
        file.check();
        try (BenchGpu gpu = open(tuning)) {
            Rate copy = gpu.copyRate();
            BenchReport report = BenchReport.againstCopy(console, copy);
            sweep.run(gpu, copy, report::add);
            file.write(report);
            console.document(report.json());
            return report.exitCode();
        }
    }

    private List<QuantizeCase> cases() {
        List<ElementFormat> elements =
                formats.stream().map(ElementFormat::parse).toList();
        Shares shares = Shares.parse(split);
        List<QuantizeCase> cases = new ArrayList<>();
        for (String prologue : prologues) {
            for (int k : channels) {
                for (String transform : transforms) {
                    cases.add(new QuantizeCase(
                            rows,
                            k,
                            elements,
                            shares,
                            ScaleRule.parse(rule),
                            GroupTransform.parse(transform),
                            Prologue.parse(prologue)));
                }
            }
        }
        return cases;
    }
}
