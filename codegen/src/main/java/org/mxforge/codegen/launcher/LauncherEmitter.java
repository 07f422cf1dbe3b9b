package org.mxforge.codegen.launcher;

import com.palantir.javapoet.ClassName;
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
import org.mxforge.dsl.launch.LaunchSignature;
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
        LaunchSignature signature = kernel.signature();
        ClassName arguments = ClassName.get(signature.record());
        TypeSpec type = TypeSpec.classBuilder(className(variant))
                .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
                .addSuperinterface(ParameterizedTypeName.get(LauncherTypes.LAUNCHER, arguments))
                .addJavadoc(javadoc(variant, signature))
                .addField(constant("THREADS", signature.threads()))
                .addMethod(launch(arguments, new LaunchCode(signature)))
                .build();
        String text = JavaFile.builder(PACKAGE, type)
                .addFileComment("GENERATED from $L; do not edit", variant.text())
                .indent("    ")
                .skipJavaLangImports(true)
                .build()
                .toString();
        return new JavaSource(PACKAGE, type.name(), text);
    }

    private static String className(KernelVariant variant) {
        String name = variant.name();
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    private static CodeBlock javadoc(KernelVariant variant, LaunchSignature signature) {
        return CodeBlock.builder()
                .add("Launches the kernel {@code $L}.\n\n", variant.identifier())
                .add("<ul>\n")
                .add("<li>spec: {@code $L}\n", variant.spec().text())
                .add(
                        "<li>algorithm, target and configuration: {@code $L}, {@code $L}, {@code $L}\n",
                        variant.algorithm().name(),
                        variant.target().text(),
                        variant.configuration().text())
                .add("<li>grid: $L\n", signature.work())
                .add("</ul>\n")
                .build();
    }

    private static FieldSpec constant(String name, int value) {
        return FieldSpec.builder(int.class, name, Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
                .initializer("$L", value)
                .build();
    }

    private static MethodSpec launch(ClassName arguments, LaunchCode code) {
        return MethodSpec.methodBuilder("launch")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .addParameter(LauncherTypes.KERNEL, "kernel")
                .addParameter(LauncherTypes.STREAM, "stream")
                .addParameter(arguments, "arguments")
                .addCode(code.checks())
                .addCode(code.values())
                .addCode(code.geometry())
                .addStatement("kernel.launch(stream, gridX, gridY, 1, THREADS, sharedBytes, values)")
                .build();
    }
}
