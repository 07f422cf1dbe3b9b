package org.mxforge.dsl.space;

/**
 * A condition that a configuration must meet.
 *
 * @param rule what it means, in words; what a refused configuration is told
 * @param condition the test; it holds when the value is not zero
 */
public record Restriction(String rule, Expression condition) {
    /** Whether {@code configuration} meets it. */
    public boolean holds(Configuration configuration) {
        return condition.evaluate(configuration) != 0;
    }

    /**
     * Refuses a configuration for which it does not hold.
     *
     * @throws IllegalArgumentException naming configuration and rule
     */
    public void check(Configuration configuration) {
        if (!holds(configuration)) {
            throw new IllegalArgumentException(
                    "configuration '" + configuration.text() + "' breaks the rule: " + rule + ", " + condition.text());
        }
    }
}
