package org.mxforge.runtime.cli.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.TuningOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mxforge bench kernel}: one GEMM, in the form of MicroMix's own benchmark. */
@Command(
        name = "kernel",
        description = "Times one GEMM of M tokens, N output and K input channels, and checks its result if asked to.",
        footer = {
            "",
            "Examples:",
            "  mxforge bench kernel 4096 4096 4096 mxfp4xmxfp4 --iters 200 --validate",
            "  mxforge bench kernel 16 14336 4096 mxfp8xmxfp4"
        })
final class BenchKernelCommand extends GpuBenchmark {
    @Parameters(index = "0", paramLabel = "M", description = "Tokens.")
    private int m;

    @Parameters(index = "1", paramLabel = "N", description = "Output channels.")
    private int n;

    @Parameters(index = "2", paramLabel = "K", description = "Input channels.")
    private int k;

    @Parameters(
            index = "3",
            paramLabel = "TYPExTYPE",
            description = "Formats of activation and weight, as mxfp8xmxfp4 or e4m3xe2m1.")
    private String types;

    @Option(
            names = "--iters",
            paramLabel = "N",
            defaultValue = "100",
            description = "Runs to time, at least; default ${DEFAULT-VALUE}.")
    private int iterations;

    @Option(
            names = "--validate",
            description = "Compare with the oracle, bit for bit, on operands that allow it and a part of M and N.")
    private boolean validate;

    @Mixin
    private TuningOptions tuning;

    @Override
    public Integer call() {
        Console console = console();
        GemmProbe probe = read(() -> new GemmProbe(FormatMix.parse(types), m, new WeightShape(n, k)));
        if (iterations < 1) {
            throw new MxForgeException("the number of iterations is " + iterations + ": give 1 or more");
        }
        try (BenchGpu gpu = open(tuning)) {
            Optional<String> fault = validate ? probe.fault(gpu) : Optional.empty();
            if (fault.isPresent()) {
                throw new MxForgeException("the result of " + types + " is wrong: " + fault.get());
            }
            Rate rate = probe.rate(gpu, iterations);
            console.line(String.format(
                    Locale.ROOT,
                    "%s, M=%d N=%d K=%d: %.4f ms, %.1f TFLOP/s",
                    types,
                    m,
                    n,
                    k,
                    rate.millis(),
                    rate.teraflops()));
            if (validate) {
                GemmShape checked = probe.checked();
                console.line("the same bits as the oracle on " + checked.m() + " x " + checked.n()
                        + " results over all of K");
            }
            console.document(json(rate));
        }
        return 0;
    }

    private ObjectNode json(Rate rate) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("types", types)
                .put("m", m)
                .put("n", n)
                .put("k", k)
                .put("ms", rate.millis())
                .put("tflops", rate.teraflops())
                .put("validated", validate);
    }
}
