package org.mxforge.runtime.cli.kernels;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.concurrent.Callable;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.KernelSource;
import org.mxforge.runtime.Kernels;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.OutputOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code mxforge kernels show}: the generated source of one kernel. */
@Command(
        name = "show",
        description = "Prints the source that is generated for a kernel.",
        footer = {
            "",
            "Examples:",
            "  mxforge kernels show densegemm_none_bf16 --target sm_90a",
            "  mxforge kernels show mxgemm_e2m1xe2m1_g32_none_fp32_exact --target cpu",
            "  mxforge kernels show 'attention/v1;head=96'"
        })
final class KernelsShowCommand implements Callable<Integer> {
    @Parameters(paramLabel = "KERNEL", description = "A name of the catalogue, or the text of a spec.")
    private String kernel;

    @Mixin
    private KernelOptions options;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Console console = output.console();
        KernelVariant variant = options.variants(List.of(kernel)).get(0);
        KernelSource source = Kernels.emit(variant);
        console.line(source.text().stripTrailing());
        console.document(JsonNodeFactory.instance
                .objectNode()
                .put("variant", variant.text())
                .put("file", source.name())
                .put("source", source.text()));
        return 0;
    }
}
