package org.mxforge.codegen.device;

import com.github.javaparser.ast.Node;

/**
 * Says what a device function may not contain.
 *
 * @param where class and method, such as {@code ElementCodec.decode}
 */
record Refusal(String where) {
    /** An exception that names the method, the line and the construct. */
    IllegalArgumentException of(Node node, String construct) {
        String line = node.getBegin().map(p -> ", line " + p.line).orElse("");
        return new IllegalArgumentException("device function " + where + line + ": " + construct
                + " is outside the common language of Java and CUDA");
    }
}
