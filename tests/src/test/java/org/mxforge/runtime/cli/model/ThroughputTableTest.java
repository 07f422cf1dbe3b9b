package org.mxforge.runtime.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.mxforge.runtime.Throughput;
import org.mxforge.runtime.Throughput.Samples;
import org.mxforge.runtime.base.Trace;
import org.mxforge.runtime.base.options.Workload;
import org.mxforge.runtime.cli.console.OutputOptions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class ThroughputTableTest {
    private static Throughput result(double prefill, double step, OptionalLong memory) {
        return new Throughput(
                new Workload(8, 2048, 128, 1, 2),
                new Samples(List.of(prefill, prefill)),
                new Samples(List.of(step)),
                memory,
                new Trace(List.of(), List.of()),
                new Trace(List.of(), List.of()));
    }

    private static ThroughputTable table(String other) {
        ThroughputTable table = new ThroughputTable();
        table.add(other, result(25_000, 20, OptionalLong.of(4L << 30)));
        table.add("bf16", result(50_000, 10, OptionalLong.of(16L << 30)));
        return table;
    }

    @Test
    void ratiosAreToTheBaseline() {
        JsonNode rows = table("mxfp4").json(new ModelPeers());
        assertThat(rows.at("/0/recipe").textValue()).isEqualTo("mxfp4");
        assertThat(rows.at("/0/prefill/ratio_to_bf16").doubleValue()).isEqualTo(2);
        assertThat(rows.at("/0/step/ratio_to_bf16").doubleValue()).isEqualTo(0.5);
        assertThat(rows.at("/1/prefill/ratio_to_bf16").doubleValue()).isEqualTo(1);
        assertThat(rows.at("/0/step/tokens_per_second").doubleValue()).isEqualTo(400);
        assertThat(rows.at("/0/step/interval95_ms").isNull()).isTrue();
        assertThat(rows.at("/0/prefill/interval95_ms").doubleValue()).isZero();
        assertThat(rows.at("/0/peak_memory_bytes").longValue()).isEqualTo(4L << 30);
    }

    @Test
    void withoutABaselineThereAreNoRatios() {
        ThroughputTable table = new ThroughputTable();
        table.add("mxfp4", result(25_000, 20, OptionalLong.empty()));
        assertThat(table.json(new ModelPeers()).at("/0/prefill/ratio_to_bf16").isNull())
                .isTrue();
        assertThat(table.json(new ModelPeers()).at("/0/peak_memory_bytes").isNull())
                .isTrue();
    }

    @Test
    void linesFitATerminal() {
        Printing command = new Printing();
        StringWriter out = new StringWriter();
        new CommandLine(command).setOut(new PrintWriter(out, true));
        command.output
                .console()
                .table(table("micromix;weights=fp4;granularity=64").table());
        assertThat(out.toString().lines()).hasSize(5).allMatch(line -> line.length() <= 80);
    }

    /** Has a console. */
    @Command
    private static final class Printing {
        @Mixin
        private OutputOptions output;
    }
}
