package org.mxforge.runtime.cli.bench;

import java.util.List;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.TuningOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What benchmarks of GEMMs have in common: which products of how large weights are measured, how, and what becomes of it. */
final class GemmOptions {
    @Option(
            names = "--nks",
            paramLabel = "NxK",
            split = ",",
            defaultValue = "4096x4096,1024x4096,14336x4096,4096x14336",
            description = "Sizes of the weight; default ${DEFAULT-VALUE}.")
    private List<String> weights;

    @Option(
            names = "--pairs",
            paramLabel = "PAIR",
            split = ",",
            defaultValue = "e2m1xe2m1,e4m3xe2m1",
            description = {
                "Formats of activation and weight, or several with the percents of channels they get:"
                        + " e2m1xe2m1:70+e3m2xe3m2:20+e4m3xe4m3:10; default ${DEFAULT-VALUE}."
            })
    private List<String> pairs;

    @Option(
            names = "--variants",
            paramLabel = "VARIANT",
            split = ",",
            description = "Ways to multiply: names of algorithms such as wgmma_fragments or unpack_wgmma_promoted;"
                    + " default: all that the GPU has for the formats.")
    private List<String> variants = List.of();

    @Mixin
    private PaceOption pace;

    @Mixin
    private TuningOptions tuning;

    @Mixin
    private PeerOption peers;

    @Mixin
    private BenchOutput file;

    /**
     * The GEMMs.
     *
     * @param ms tokens
     * @throws IllegalArgumentException naming what cannot be
     */
    GemmSweep sweep(List<Integer> ms) {
        return new GemmSweep(
                pairs.stream().map(FormatMix::parse).toList(),
                variants,
                ms,
                weights.stream().map(WeightShape::parse).toList(),
                pace.paces());
    }

    /** How their variants are searched for. */
    TuningOptions tuning() {
        return tuning;
    }

    /** What becomes of their lines; refuses files that cannot be read or written before anything is measured. */
    GemmReport report(Console console) {
        return new GemmReport(console, file, peers.read());
    }
}
