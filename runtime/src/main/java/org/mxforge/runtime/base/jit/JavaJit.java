package org.mxforge.runtime.base.jit;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.mxforge.codegen.JavaSource;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.ArtifactCache;

/**
 * Compiles emitted Java in memory and instantiates it. Class files are kept in an {@link ArtifactCache} under the source text
 * and the versions of the JDK and of MXForge, so that a later start neither needs nor starts a compiler. Safe for concurrent
 * use.
 */
public final class JavaJit {
    private static final List<String> OPTIONS =
            List.of("-proc:none", "-implicit:none", "-classpath", System.getProperty("java.class.path"));

    private final ArtifactCache cache;
    private final Supplier<JavaCompiler> compiler;

    /** Kept from one compilation to the next, since opening the class path again takes as long as compiling a kernel. */
    private JavaFileManager standardFiles;

    /** Compiles with the running JDK's compiler. */
    public JavaJit(ArtifactCache cache) {
        this(cache, ToolProvider::getSystemJavaCompiler);
    }

    /** Compiles with the compiler that {@code compiler} gives; null means that there is none. */
    public JavaJit(ArtifactCache cache, Supplier<JavaCompiler> compiler) {
        this.cache = cache;
        this.compiler = compiler;
    }

    /**
     * A new instance of the class that {@code source} declares, which has a public constructor without parameters.
     *
     * @throws MxForgeException if the class is not in the cache and this Java runtime has no compiler
     * @throws IllegalArgumentException if the source does not compile, with the compiler's words, or is no {@code type}
     */
    public <T> T instantiate(JavaSource source, Class<T> type) {
        CompiledClasses classes = CompiledClasses.fromBytes(
                cache.get(key(source), () -> compile(source).toBytes()));
        try {
            return new MemoryClassLoader(classes, JavaJit.class.getClassLoader())
                    .loadClass(source.qualifiedName())
                    .asSubclass(type)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new IllegalArgumentException(
                    source.qualifiedName() + " cannot be used as " + type.getName() + ": " + e.getMessage(), e);
        }
    }

    private static ArtifactCache.Key key(JavaSource source) {
        String mxforge =
                Objects.requireNonNullElse(JavaJit.class.getPackage().getImplementationVersion(), "development");
        return new ArtifactCache.Key(
                "java",
                List.of(source.qualifiedName(), source.text(), Runtime.version().toString(), mxforge));
    }

    private synchronized CompiledClasses compile(JavaSource source) {
        JavaCompiler javac = compiler.get();
        if (javac == null) {
            throw new MxForgeException("this Java runtime (" + System.getProperty("java.home")
                    + ") has no compiler for the generated kernels: run mxforge with a JDK, version 17 or newer");
        }
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        if (standardFiles == null) {
            standardFiles = javac.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);
        }
        MemoryFiles files = new MemoryFiles(standardFiles);
        StringWriter output = new StringWriter();
        boolean compiled = javac.getTask(output, files, diagnostics, OPTIONS, null, List.of(MemoryFiles.source(source)))
                .call();
        if (!compiled) {
            throw new IllegalArgumentException(
                    source.qualifiedName() + " does not compile: " + firstError(diagnostics.getDiagnostics()) + output);
        }
        return files.classes();
    }

    private static String firstError(List<Diagnostic<? extends JavaFileObject>> diagnostics) {
        return diagnostics.stream()
                .filter(d -> d.getKind() == Diagnostic.Kind.ERROR)
                .findFirst()
                .map(d -> "line " + d.getLineNumber() + ", " + d.getMessage(Locale.ROOT))
                .orElse("");
    }
}
