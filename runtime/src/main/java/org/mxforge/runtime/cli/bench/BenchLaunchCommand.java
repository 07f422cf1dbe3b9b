package org.mxforge.runtime.cli.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Locale;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.Table;
import picocli.CommandLine.Command;

/** {@code mxforge bench launch}: what a launch costs. */
@Command(
        name = "launch",
        description =
                "Microseconds of the host for one launch from Java, and of the GPU for one kernel in a replayed graph.",
        footer = {"", "Example:", "  mxforge bench launch"})
final class BenchLaunchCommand extends GpuBenchmark {
    @Override
    public Integer call() {
        Console console = console();
        Table table = new Table("KERNEL", "HOST US", "GRAPH US");
        ArrayNode document = JsonNodeFactory.instance.arrayNode();
        try (BenchGpu gpu = openUntuned()) {
            for (LaunchCost cost : LaunchCost.measure(gpu)) {
                table.row(
                        cost.kernel(),
                        String.format(Locale.ROOT, "%.2f", cost.hostMicros()),
                        String.format(Locale.ROOT, "%.2f", cost.graphMicros()));
                document.addObject()
                        .put("kernel", cost.kernel())
                        .put("host_us", cost.hostMicros())
                        .put("graph_us", cost.graphMicros());
            }
        }
        console.table(table);
        console.document(document);
        return 0;
    }
}
