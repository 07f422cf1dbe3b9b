package org.mxforge.codegen.device;

import com.github.javaparser.ast.body.MethodDeclaration;
import com.github.javaparser.ast.body.Parameter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A marked method and the signature that its translation has.
 *
 * @param type simple name of the class it stands in
 * @param declaration its syntax tree
 * @param result what it returns
 * @param parameters types of its parameters
 */
record DeviceMethod(String type, MethodDeclaration declaration, DeviceType result, List<DeviceType> parameters) {
    private static final String SUFFIX = "Codec";

    static DeviceMethod of(String type, MethodDeclaration declaration) {
        Refusal refusal = new Refusal(type + "." + declaration.getNameAsString());
        if (!declaration.isStatic() || declaration.getBody().isEmpty()) {
            throw refusal.of(declaration, "a method that is not static or has no body");
        }
        if (!declaration.getTypeParameters().isEmpty()
                || !declaration.getThrownExceptions().isEmpty()
                || declaration.isSynchronized()) {
            throw refusal.of(declaration, "a generic, throwing or synchronized method");
        }
        List<DeviceType> parameters = declaration.getParameters().stream()
                .map(p -> parameterType(p, refusal))
                .toList();
        return new DeviceMethod(type, declaration, DeviceType.of(declaration.getType(), refusal), parameters);
    }

    private static DeviceType parameterType(Parameter parameter, Refusal refusal) {
        if (parameter.isVarArgs()) {
            throw refusal.of(parameter, "a variable number of arguments");
        }
        return DeviceType.of(parameter.getType(), refusal);
    }

    /** Class and method as Java writes them: the key by which calls find it. */
    String javaName() {
        return type + "." + declaration.getNameAsString();
    }

    /** The device function's name: class stem and method in snake case, such as {@code element_decode}. */
    String cudaName() {
        return stem(type) + "_" + snake(declaration.getNameAsString());
    }

    /** What the names of all functions of a class begin with. */
    static String stem(String type) {
        return snake(type.endsWith(SUFFIX) ? type.substring(0, type.length() - SUFFIX.length()) : type);
    }

    /** Everything before the body. */
    String head() {
        String list = declaration.getParameters().stream()
                .map(p -> DeviceType.of(p.getType(), refusal()).cuda() + " " + p.getNameAsString())
                .collect(Collectors.joining(", "));
        return "__device__ __forceinline__ " + result.cuda() + " " + cudaName() + "(" + list + ")";
    }

    Refusal refusal() {
        return new Refusal(javaName());
    }

    private static String snake(String camel) {
        return camel.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }
}
