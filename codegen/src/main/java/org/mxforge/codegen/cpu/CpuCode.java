package org.mxforge.codegen.cpu;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import java.util.Locale;
import javax.lang.model.element.Modifier;
import org.mxforge.dsl.format.ElementFormat;

/** What emitted CPU kernels of all kinds are made of. */
public final class CpuCode {
    public static final TypeName FLOATS = ArrayTypeName.of(float.class);

    private CpuCode() {}

    /** A private static method that returns nothing; parameters follow. */
    public static MethodSpec.Builder helper(String name) {
        return MethodSpec.methodBuilder(name).addModifiers(Modifier.PRIVATE, Modifier.STATIC);
    }

    /** {@code verb} and the format as a method name, such as {@code groupE2m1}. */
    public static String method(String verb, ElementFormat format) {
        String text = format.text();
        return verb + text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    /** How many codes make whole bytes: what one turn of a loop over packed codes takes. */
    public static int codesAtATime(int bits) {
        return switch (bits) {
            case 4 -> 2;
            case 6 -> 4;
            default -> 1;
        };
    }
}
