package org.mxforge.runtime.chat.jinja;

import java.util.List;
import java.util.Map;

/** A part of a template that has a value. */
@FunctionalInterface
interface Expression {
    Object value(Scope scope);

    /** What can be called. */
    @FunctionalInterface
    interface Callable {
        /**
         * @param arguments in their order
         * @param named those with names
         */
        Object call(List<Object> arguments, Map<String, Object> named);
    }
}
