package org.mxforge.codegen.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.mxforge.codegen.catalogue.Catalogue;
import org.mxforge.codegen.cuda.CudaEmitter;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelVariant;

/** Signatures against the texts of the kernels that they are about. */
class LaunchSignatureTest {
    /** Name and type of every parameter, of every kernel of the catalogue, as its text declares them. */
    @Test
    void theSignatureIsThatOfTheEmittedKernel() {
        for (KernelVariant variant : Catalogue.all()) {
            if (variant.target().isGpu()) {
                CudaSource source = CudaEmitter.emit(variant);
                assertThat(source.signature().arguments().stream()
                                .map(argument -> argument.cType() + " " + argument.name()))
                        .as(variant.text())
                        .containsExactlyElementsOf(parameters(source));
                assertThat(source.signature().record())
                        .isEqualTo(KernelKinds.of(variant.spec()).arguments());
            }
        }
    }

    private static List<String> parameters(CudaSource source) {
        String text = source.text();
        Map<String, String> aliases = Pattern.compile("(?:using (\\w+) = ([\\w ]+);|typedef ([\\w ]+) (\\w+);)")
                .matcher(text)
                .results()
                .collect(Collectors.toMap(
                        found -> found.group(1) != null ? found.group(1) : found.group(4),
                        found -> found.group(1) != null ? found.group(2) : found.group(3),
                        (first, second) -> first));
        int begin = text.indexOf(" " + source.entryPoint() + "(\n")
                + source.entryPoint().length()
                + 3;
        return Stream.of(text.substring(begin, text.indexOf(") {", begin)).split(","))
                .map(parameter -> {
                    String plain = parameter.replace(" __restrict__", "").strip();
                    for (Map.Entry<String, String> alias : aliases.entrySet()) {
                        plain = plain.replaceAll("\\b" + alias.getKey() + "\\b", alias.getValue());
                    }
                    return plain;
                })
                .toList();
    }
}
