package org.mxforge.runtime.exec.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.codegen.JavaSource;
import org.mxforge.codegen.catalogue.Catalogue;
import org.mxforge.codegen.cpu.CpuEmitter;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;

/** The text of CPU kernels: stable, clean, and only for specs that the target has. */
class CpuEmitterTest {
    @Test
    void theSameVariantAlwaysGivesTheSameText() {
        for (KernelVariant variant : Catalogue.of(Target.CPU)) {
            JavaSource source = CpuEmitter.emit(variant);
            assertThat(CpuEmitter.emit(KernelVariant.parse(variant.text()))).isEqualTo(source);
            assertThat(source.text())
                    .startsWith("// GENERATED from " + variant.text() + "; do not edit\npackage " + CpuEmitter.PACKAGE
                            + ";\n")
                    .contains("public final class " + source.className() + " implements Cpu");
        }
    }

    @Test
    void differentVariantsHaveDifferentClasses() {
        List<String> names = Catalogue.of(Target.CPU).stream()
                .map(variant -> CpuEmitter.emit(variant).className())
                .toList();
        assertThat(names).doesNotHaveDuplicates();
    }

    @Test
    void theWholeCatalogueCompilesWithoutWarnings(@TempDir Path classes) throws Exception {
        List<JavaFileObject> files = Catalogue.of(Target.CPU).stream()
                .map(CpuEmitter::emit)
                .<JavaFileObject>map(SourceInMemory::new)
                .toList();
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try (var manager = javac.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8)) {
            List<String> options = List.of(
                    "-Xlint:all,-processing",
                    "-proc:none",
                    "-d",
                    classes.toString(),
                    "-classpath",
                    System.getProperty("java.class.path"));
            boolean compiled = javac.getTask(null, manager, diagnostics, options, null, files)
                    .call();
            assertThat(diagnostics.getDiagnostics()).isEmpty();
            assertThat(compiled).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mxgemm/v2;pairs=e2m1xe2m1;groups=g32;epilogue=none;out=bf16;tolerance=exact",
                "densegemm/v1;epilogue=none;out=fp16",
                "mxquantize/v2;side=activation;formats=e2m1;rule=ceil;groups=g32;prologue=none;in=bf16;tolerance=exact",
                "softmax/v1"
            })
    void refusesWhatTheTargetDoesNotHave(String spec) {
        KernelSpec parsed = KernelSpec.parse(spec);
        assertThatThrownBy(() -> KernelVariant.of(parsed, Target.CPU))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(spec);
    }

    @Test
    void refusesAVariantForAGpu() {
        KernelVariant variant =
                KernelVariant.of(KernelSpec.parse("densegemm/v1;epilogue=none;out=fp32"), Target.SM_90A);
        assertThatThrownBy(() -> CpuEmitter.emit(variant)).isInstanceOf(IllegalArgumentException.class);
    }

    private static final class SourceInMemory extends SimpleJavaFileObject {
        private final JavaSource source;

        SourceInMemory(JavaSource source) {
            super(URI.create("memory:///" + source.qualifiedName().replace('.', '/') + ".java"), Kind.SOURCE);
            this.source = source;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source.text();
        }
    }
}
