package org.mxforge.codegen.launcher;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeSpec;
import javax.lang.model.element.Modifier;
import org.mxforge.codegen.JavaSource;
import org.mxforge.codegen.cuda.CudaEmitter;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.dsl.spec.KernelVariant;

/**
 * Emits the launcher of a CUDA kernel variant: a final class that implements the runtime's {@code Launcher} for the argument
 * record of the spec's stem. The same variant always gives the same text.
 */
public final class LauncherEmitter {
    /** The package that emitted launchers declare. */
    public static final String PACKAGE = "org.mxforge.generated.launcher";

    private LauncherEmitter() {}

    /**
     * The launcher of the kernel that {@link CudaEmitter} emits for {@code variant}.
     *
     * @throws IllegalArgumentException if the variant has no CUDA kernel
     */
    public static JavaSource emit(KernelVariant variant) {
        return emit(CudaEmitter.emit(variant));
    }

    /** The launcher of {@code kernel}. */
    public static JavaSource emit(CudaSource kernel) {
        KernelVariant variant = kernel.variant();
        LaunchPlan plan = LaunchPlan.of(kernel);
        TypeSpec type = TypeSpec.classBuilder(LauncherName.of(variant))
                .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
                .addSuperinterface(ParameterizedTypeName.get(RuntimeTypes.LAUNCHER, plan.arguments()))
                .addJavadoc(javadoc(variant, plan))
                .addField(constant("THREADS", kernel.threads()))
                .addMethod(launch(plan))
                .build();
        String text = JavaFile.builder(PACKAGE, type)
                .addFileComment("GENERATED from $L; do not edit", variant.text())
                .indent("    ")
                .skipJavaLangImports(true)
                .build()
                .toString();
        return new JavaSource(PACKAGE, type.name(), text);
    }

    private static CodeBlock javadoc(KernelVariant variant, LaunchPlan plan) {
        return CodeBlock.builder()
                .add("Launches the kernel {@code $L}.\n\n", variant.spec().identifier())
                .add("<ul>\n")
                .add("<li>spec: {@code $L}\n", variant.spec().text())
                .add(
                        "<li>target and configuration: {@code $L}, {@code $L}\n",
                        variant.target().text(),
                        variant.configuration().text())
                .add("<li>grid: $L\n", plan.gridInWords())
                .add("</ul>\n")
                .build();
    }

    private static FieldSpec constant(String name, int value) {
        return FieldSpec.builder(int.class, name, Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
                .initializer("$L", value)
                .build();
    }

    private static MethodSpec launch(LaunchPlan plan) {
        return MethodSpec.methodBuilder("launch")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .addParameter(RuntimeTypes.KERNEL, "kernel")
                .addParameter(RuntimeTypes.STREAM, "stream")
                .addParameter(plan.arguments(), "arguments")
                .addCode(plan.code().checks())
                .addCode(plan.code().values())
                .addStatement("int gridX = $L", plan.gridX())
                .addStatement("int gridY = $L", plan.gridY())
                .addStatement("int sharedBytes = $L", plan.sharedBytes())
                .addStatement("kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values)")
                .build();
    }
}
