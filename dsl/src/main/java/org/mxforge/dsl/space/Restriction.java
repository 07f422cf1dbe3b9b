package org.mxforge.dsl.space;

/**
 * A condition that a configuration must meet.
 *
 * @param rule what it means, in words; what a refused configuration is told
 * @param condition the test; it holds when the value is not zero
 */
public record Restriction(String rule, Expression condition) {
    public boolean holds(Configuration configuration) {
        return condition.evaluate(configuration) != 0;
    }
}
