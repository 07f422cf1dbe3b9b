package org.mxforge.runtime.chat.jinja;

import java.util.List;

/** A part of a template that makes text. */
@FunctionalInterface
interface Node {
    void render(Scope scope, StringBuilder out);

    /** One after the other. */
    static Node all(List<Node> nodes) {
        List<Node> parts = List.copyOf(nodes);
        return (scope, out) -> parts.forEach(node -> node.render(scope, out));
    }

    /** Ends a loop, or one round of it. */
    final class Jump extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final boolean last;

        Jump(boolean last) {
            super(null, null, false, false);
            this.last = last;
        }

        /** Whether no round follows. */
        boolean isLast() {
            return last;
        }
    }
}
