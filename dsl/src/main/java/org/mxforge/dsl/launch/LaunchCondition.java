package org.mxforge.dsl.launch;

import java.util.List;
import org.mxforge.dsl.space.Expression;

/** What must be true of the arguments of a launch; checked in the order of the signature, before anything is launched. */
public sealed interface LaunchCondition {
    /**
     * A condition on integers and addresses, which may be compared.
     *
     * @param holds not zero if it is met
     * @param sentence what who breaks it is told; each {@code {}} stands for one of the values
     * @param values what the sentence shows; of an address, in hexadecimal
     */
    record Holds(Expression holds, String sentence, List<Expression> values) implements LaunchCondition {
        public Holds {
            values = List.copyOf(values);
        }
    }

    /**
     * An address is not 0 and is aligned as its argument says.
     *
     * @param source where the argument record has it
     * @param called what who breaks it is told that it is
     * @param used not zero if the kernel looks at it at all
     */
    record Address(String source, String called, Expression used) implements LaunchCondition {}

    /**
     * A real argument lies in {@code least .. most}, and is a number.
     *
     * @param source where the argument record has it
     */
    record Within(String source, float least, float most) implements LaunchCondition {}

    /**
     * A list of the argument record has as many entries as the kernel was emitted for.
     *
     * @param source where the argument record has it
     */
    record Entries(String source, int count) implements LaunchCondition {}

    /**
     * A component of the argument record has the form that the kernel reads.
     *
     * @param source where the argument record has it
     * @param form simple name of the form, such as {@code RmsNorm}
     */
    record HasForm(String source, String form) implements LaunchCondition {}
}
