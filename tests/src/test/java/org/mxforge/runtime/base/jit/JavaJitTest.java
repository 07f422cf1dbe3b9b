package org.mxforge.runtime.base.jit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.codegen.JavaSource;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.ArtifactCache;

class JavaJitTest {
    private static final JavaSource TRIPLE = source(
            "Triple",
            """
            package made;
            public final class Triple implements java.util.function.IntUnaryOperator {
                private static final class Factor {
                    static final int VALUE = 3;
                }
                @Override
                public int applyAsInt(int x) {
                    IntUnaryOperatorHolder holder = y -> y * Factor.VALUE;
                    return holder.apply(x);
                }
                interface IntUnaryOperatorHolder {
                    int apply(int y);
                }
            }
            """);

    @TempDir
    Path folder;

    private ArtifactCache cache;

    @BeforeEach
    void openCache() {
        cache = new ArtifactCache(folder);
    }

    @Test
    void compilesAndRunsASourceWithNestedClasses() {
        assertThat(new JavaJit(cache)
                        .instantiate(TRIPLE, IntUnaryOperator.class)
                        .applyAsInt(14))
                .isEqualTo(42);
    }

    /** The class path of the tests has the committed launchers. */
    @Test
    void theSourceIsWhatCountsWhereTheClassPathHasSuchAClass() {
        JavaSource other = new JavaSource(
                JavaJitTest.class.getPackageName(),
                JavaJitTest.class.getSimpleName(),
                "package org.mxforge.runtime.base.jit;\n"
                        + "public final class JavaJitTest implements java.util.function.IntUnaryOperator {\n"
                        + "    public int applyAsInt(int x) {\n"
                        + "        return x + 1;\n"
                        + "    }\n"
                        + "}\n");
        assertThat(new JavaJit(cache).instantiate(other, IntUnaryOperator.class).applyAsInt(1))
                .isEqualTo(2);
    }

    @Test
    void needsNoCompilerForWhatIsInTheCache() {
        new JavaJit(cache).instantiate(TRIPLE, IntUnaryOperator.class);
        JavaJit later = new JavaJit(new ArtifactCache(folder), () -> {
            throw new AssertionError("the compiler was started");
        });
        assertThat(later.instantiate(TRIPLE, IntUnaryOperator.class).applyAsInt(5))
                .isEqualTo(15);
    }

    @Test
    void saysThatARuntimeWithoutCompilerNeedsAJdk() {
        JavaJit jre = new JavaJit(cache, () -> null);
        assertThatThrownBy(() -> jre.instantiate(TRIPLE, IntUnaryOperator.class))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("has no compiler")
                .hasMessageContaining("JDK");
    }

    @Test
    void namesTheLineOfABrokenSource() {
        JavaSource broken = source("Broken", "package made;\npublic final class Broken {\n  int x = oops;\n}\n");
        JavaJit jit = new JavaJit(cache);
        assertThatThrownBy(() -> jit.instantiate(broken, Object.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("made.Broken does not compile: line 3")
                .hasMessageContaining("oops");
    }

    @Test
    void refusesASourceOfAnotherType() {
        JavaJit jit = new JavaJit(cache);
        assertThatThrownBy(() -> jit.instantiate(TRIPLE, Supplier.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be used as java.util.function.Supplier");
    }

    private static JavaSource source(String name, String text) {
        return new JavaSource("made", name, text);
    }
}
