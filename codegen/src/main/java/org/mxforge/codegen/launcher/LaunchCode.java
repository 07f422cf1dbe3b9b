package org.mxforge.codegen.launcher;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.TypeName;

/** Collects a launcher's checks and, in the same breath, its kernel's arguments in the kernel's order. */
final class LaunchCode {
    private final CodeBlock.Builder checks = CodeBlock.builder();
    private final CodeBlock.Builder values = CodeBlock.builder();

    /** A size: more than 0. */
    LaunchCode size(String name) {
        check("positive($S, arguments.$L())", name, name);
        return int32(name);
    }

    /** A size that is a multiple of {@code factor}. */
    LaunchCode size(String name, int factor) {
        check("positive($S, arguments.$L())", name, name);
        check("multiple($S, arguments.$L(), $L)", name, name, factor);
        return int32(name);
    }

    /** A number in {@code least .. most}; both are Java expressions. */
    LaunchCode fraction(String name, String least, String most) {
        check("range($S, arguments.$L(), $L, $L)", name, name, least, most);
        values.add(".float32(arguments.$L())\n", name);
        return this;
    }

    /** A device address. */
    LaunchCode address(String name) {
        check("address($S, arguments.$L())", name, name);
        return pointer("arguments." + name + "()");
    }

    /** A check alone: a call of a method of the runtime's {@code LaunchCheck}. */
    LaunchCode check(String call, Object... operands) {
        checks.add("$T.", RuntimeTypes.CHECK).addStatement(call, operands);
        return this;
    }

    /** A local variable that later checks and values use. */
    LaunchCode local(TypeName type, String name, String expression, Object... operands) {
        checks.add("$T $L = ", type, name).addStatement(expression, operands);
        return this;
    }

    /** A device address by a Java expression, unchecked. */
    LaunchCode pointer(String expression) {
        values.add(".pointer($L)\n", expression);
        return this;
    }

    /** An integer by a Java expression, unchecked. */
    LaunchCode integer(String expression) {
        values.add(".int32($L)\n", expression);
        return this;
    }

    /** A number by a Java expression, unchecked. */
    LaunchCode number(String expression) {
        values.add(".float32($L)\n", expression);
        return this;
    }

    /** Opens a block of checks. */
    LaunchCode when(String condition, Object... operands) {
        checks.beginControlFlow("if (" + condition + ")", operands);
        return this;
    }

    /** Closes it. */
    LaunchCode end() {
        checks.endControlFlow();
        return this;
    }

    CodeBlock checks() {
        return checks.build();
    }

    CodeBlock values() {
        String calls = values.build().toString().stripTrailing();
        return CodeBlock.builder()
                .addStatement("$T values = $T.of()\n$L", RuntimeTypes.VALUES, RuntimeTypes.VALUES, calls)
                .build();
    }

    private LaunchCode int32(String name) {
        return integer("arguments." + name + "()");
    }
}
