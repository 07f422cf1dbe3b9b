package org.mxforge.codegen.device;

import com.github.javaparser.ast.type.Type;

/** The types of the common language; each has 32 bits or one on both sides. */
enum DeviceType {
    INT("int"),
    FLOAT("float"),
    BOOLEAN("bool");

    private final String cuda;

    DeviceType(String cuda) {
        this.cuda = cuda;
    }

    String cuda() {
        return cuda;
    }

    static DeviceType of(Type type, Refusal refusal) {
        return switch (type.asString()) {
            case "int" -> INT;
            case "float" -> FLOAT;
            case "boolean" -> BOOLEAN;
            default -> throw refusal.of(type, "type " + type.asString());
        };
    }
}
