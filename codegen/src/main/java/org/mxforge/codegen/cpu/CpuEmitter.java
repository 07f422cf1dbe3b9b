package org.mxforge.codegen.cpu;

import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.TypeSpec;
import java.util.stream.Collectors;
import org.mxforge.codegen.JavaSource;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.target.Target;

/** Emits the CPU kernel of a variant: a final class that implements the runtime's interface of its stem. Deterministic. */
public final class CpuEmitter {
    /** The package that emitted kernels declare. */
    public static final String PACKAGE = "org.mxforge.generated.cpu";

    private CpuEmitter() {}

    /** Whether the CPU target generates code for {@code spec}; the other operations are plain Java. */
    public static boolean emits(KernelSpec spec) {
        return spec instanceof MxGemmSpec || spec instanceof DenseGemmSpec || spec instanceof MxQuantizeSpec;
    }

    /**
     * The kernel of {@code variant}.
     *
     * @throws IllegalArgumentException if the variant is for a GPU or its spec asks for what this target does not have
     */
    public static JavaSource emit(KernelVariant variant) {
        if (variant.target() != Target.CPU || !emits(variant.spec())) {
            throw new IllegalArgumentException("no CPU kernel is generated for " + variant.text());
        }
        TypeSpec type = type(variant);
        String text = JavaFile.builder(PACKAGE, type)
                .addFileComment("GENERATED from $L; do not edit", variant.text())
                .indent("    ")
                .skipJavaLangImports(true)
                .build()
                .toString();
        return new JavaSource(PACKAGE, type.name(), text);
    }

    private static TypeSpec type(KernelVariant variant) {
        KernelSpec spec = variant.spec();
        if (spec instanceof MxGemmSpec gemm) {
            return new MxGemmEmitter(gemm, variant).type();
        }
        if (spec instanceof DenseGemmSpec gemm) {
            return new DenseGemmEmitter(gemm, variant).type();
        }
        return new MxQuantizeEmitter((MxQuantizeSpec) spec, variant).type();
    }

    /** Such as {@code Densegemm_none_fp32_cpu_bk64_bm256_bn128}: variants can live side by side. */
    static String className(KernelVariant variant) {
        String kernel = variant.spec().identifier();
        String configuration = variant.configuration().values().entrySet().stream()
                .map(entry -> "_" + entry.getKey() + entry.getValue())
                .collect(Collectors.joining());
        return Character.toUpperCase(kernel.charAt(0)) + kernel.substring(1) + "_cpu" + configuration;
    }
}
