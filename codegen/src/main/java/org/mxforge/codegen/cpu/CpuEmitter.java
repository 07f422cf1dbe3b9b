package org.mxforge.codegen.cpu;

import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.TypeSpec;
import java.util.stream.Collectors;
import org.mxforge.codegen.JavaSource;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;

/** Emits the CPU kernel of a variant: a final class that implements the runtime's interface of its stem. Deterministic. */
public final class CpuEmitter {
    /** The package that emitted kernels declare. */
    public static final String PACKAGE = "org.mxforge.generated.cpu";

    private CpuEmitter() {}

    /**
     * The kernel of {@code variant}.
     *
     * @throws IllegalArgumentException if the variant is for a GPU
     */
    public static JavaSource emit(KernelVariant variant) {
        if (!(variant.algorithm() instanceof CpuAlgorithm<KernelSpec> algorithm)) {
            throw new IllegalArgumentException("no CPU kernel is generated for " + variant.text());
        }
        TypeSpec type = algorithm.type(variant.spec(), variant, className(variant));
        String text = JavaFile.builder(PACKAGE, type)
                .addFileComment("GENERATED from $L; do not edit", variant.text())
                .indent("    ")
                .skipJavaLangImports(true)
                .build()
                .toString();
        return new JavaSource(PACKAGE, type.name(), text);
    }

    /** Such as {@code Densegemm_none_fp32_panels_cpu_bk64_bm256_bn128}: variants can live side by side. */
    private static String className(KernelVariant variant) {
        String kernel = variant.identifier();
        String configuration = variant.configuration().values().entrySet().stream()
                .map(entry -> "_" + entry.getKey() + entry.getValue())
                .collect(Collectors.joining());
        return Character.toUpperCase(kernel.charAt(0)) + kernel.substring(1) + "_cpu" + configuration;
    }
}
