package org.mxforge.codegen.export;

import java.util.List;
import java.util.Locale;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.codegen.template.OutputModel;

/**
 * The page that tells people what is in the folder.
 *
 * @param tool what wrote it
 * @param kernels in the order of their names
 * @param uses what is launched for which shape
 */
record SetIndex(String tool, List<Row> kernels, List<Choice> uses) implements OutputModel {
    /** A kernel. */
    record Row(String name, String spec, String algorithm, String target, String configuration) {}

    /** What is launched for a shape. */
    record Choice(String spec, String target, String shape, String kernel, String passes, String why) {}

    static SetIndex of(List<CudaSource> kernels, List<KernelUse> uses, String tool) {
        return new SetIndex(
                tool,
                kernels.stream()
                        .map(CudaSource::variant)
                        .map(variant -> new Row(
                                variant.name(),
                                variant.spec().text(),
                                variant.algorithm().name(),
                                variant.target().text(),
                                variant.configuration().text()))
                        .toList(),
                uses.stream().map(SetIndex::choice).toList());
    }

    private static Choice choice(KernelUse use) {
        List<String> passes = use.passes().stream()
                .map(pass -> use.kernel(pass).name())
                .distinct()
                .toList();
        String why = use.millis().isPresent()
                ? String.format(Locale.ROOT, "%.4f ms on %s", use.millis().getAsDouble(), use.device())
                : "not measured";
        return new Choice(
                use.variant().spec().text(),
                use.variant().target().text(),
                use.shape().isEmpty() ? "any" : use.shape(),
                use.kernel().name(),
                passes.isEmpty() ? "" : String.join(", ", passes),
                why);
    }
}
