package org.mxforge.codegen.launcher;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.mxforge.codegen.JavaSource;
import org.mxforge.runtime.cuda.launch.Launcher;

/** Emitted launchers, compiled in memory in one go with every warning an error. */
public final class CompiledLaunchers extends ClassLoader {
    private final Map<String, ByteArrayOutputStream> classes = new HashMap<>();

    public CompiledLaunchers(List<JavaSource> sources) {
        super(CompiledLaunchers.class.getClassLoader());
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        StringWriter said = new StringWriter();
        List<String> options = List.of(
                "-Xlint:all", "-Werror", "-proc:none", "--release", "17", "-cp", System.getProperty("java.class.path"));
        boolean compiled = compiler.getTask(
                        said,
                        new InMemory(files),
                        null,
                        options,
                        null,
                        sources.stream().map(Text::new).toList())
                .call();
        if (!compiled) {
            throw new AssertionError(said);
        }
    }

    /** A new launcher of {@code source}. */
    public <A> Launcher<A> instantiate(JavaSource source) {
        try {
            @SuppressWarnings("unchecked") // The caller names the argument record of the spec it emitted from.
            Launcher<A> launcher = (Launcher<A>)
                    loadClass(source.qualifiedName()).getConstructor().newInstance();
            return launcher;
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (!classes.containsKey(name)) {
            throw new ClassNotFoundException(name);
        }
        byte[] bytes = classes.get(name).toByteArray();
        return defineClass(name, bytes, 0, bytes.length);
    }

    private static final class Text extends SimpleJavaFileObject {
        private final String text;

        Text(JavaSource source) {
            super(URI.create("string:///" + source.qualifiedName().replace('.', '/') + ".java"), Kind.SOURCE);
            this.text = source.text();
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
        InMemory(JavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + name), kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    classes.put(name, out);
                    return out;
                }
            };
        }
    }
}
