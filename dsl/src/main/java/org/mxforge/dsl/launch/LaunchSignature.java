package org.mxforge.dsl.launch;

import java.util.List;
import org.mxforge.dsl.space.Expression;

/**
 * How a kernel is launched, as data: what a launcher in any language is written from.
 *
 * <p>Values of the argument record are named by where they are: {@code rows} is a component, {@code partitions[1].channels} one of
 * an entry of a list, {@code prologue:RmsNorm.weight} one of a component in one of its forms. Expressions use these names,
 * {@link DeviceFact}s, and the names of definitions before them.
 *
 * @param record the argument record
 * @param arguments of the kernel, in its order
 * @param conditions that arguments must meet, in the order in which they are checked; a later one may rely on those before
 * @param definitions named intermediate values, in order
 * @param gridX blocks along x
 * @param gridY blocks along y
 * @param threads of a block, in one dimension
 * @param cluster blocks of a cluster along x, which the kernel itself asks for; 1 if it has none
 * @param sharedBytes dynamic shared memory of a block
 * @param work what a block does, in words
 */
public record LaunchSignature(
        Class<? extends Record> record,
        List<KernelArgument> arguments,
        List<LaunchCondition> conditions,
        List<Definition> definitions,
        Expression gridX,
        Expression gridY,
        int threads,
        int cluster,
        Expression sharedBytes,
        String work) {
    /** A named intermediate value. */
    public record Definition(String name, Expression value) {}

    public LaunchSignature {
        arguments = List.copyOf(arguments);
        conditions = List.copyOf(conditions);
        definitions = List.copyOf(definitions);
    }
}
