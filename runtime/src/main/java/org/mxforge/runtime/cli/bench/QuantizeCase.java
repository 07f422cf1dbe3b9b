package org.mxforge.runtime.cli.bench;

import java.util.List;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.FoldedFormat;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.QuantizeShape;
import org.mxforge.dsl.shape.Work;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.KernelProblem;

/**
 * One reorder-quantize of BF16 activations.
 *
 * @param rows tokens
 * @param channels of a row
 * @param formats of the partitions
 * @param shares of the channels that the partitions get
 * @param rule how scales are chosen
 * @param transform what groups go through
 * @param prologue what is done before
 */
record QuantizeCase(
        int rows,
        int channels,
        List<ElementFormat> formats,
        Shares shares,
        ScaleRule rule,
        GroupTransform transform,
        Prologue prologue) {
    public QuantizeCase {
        formats = List.copyOf(formats);
        if (rows <= 0) {
            throw new IllegalArgumentException("the number of rows is " + rows + ": give 1 or more");
        }
        if (formats.size() != shares.percents().size()) {
            throw new IllegalArgumentException("a split of " + shares.text() + " does not fit " + formats.size()
                    + " formats: give one percent for each");
        }
        shares.channels(channels);
    }

    private boolean hasRoom() {
        return formats.stream().allMatch(format -> FoldedFormat.of(format).hasRoom());
    }

    /** How results lie that {@code target} multiplies: folded, beside BF16 where exact folding has no room, and packed. */
    List<OperandLayout> layouts(Target target) {
        if (target != Target.SM_90A) {
            return List.of(OperandLayout.TILED);
        }
        return hasRoom()
                ? List.of(OperandLayout.CONTAINERS, OperandLayout.TILED)
                : List.of(OperandLayout.CONTAINERS, OperandLayout.MIXED, OperandLayout.TILED);
    }

    KernelProblem problem(OperandLayout layout) {
        // Elements without room for their scales can only be folded if that may round.
        Tolerance tolerance = layout == OperandLayout.CONTAINERS && !hasRoom() ? Tolerance.WITHIN_4 : Tolerance.EXACT;
        return new KernelProblem(
                MxQuantizeSpec.activation(formats, rule, prologue, ScalarType.BF16, tolerance)
                        .with(transform),
                layout);
    }

    /** The kernel's name in tables, such as {@code mxforge_quantize_silumul_folded}; {@code _mixed} with parts in BF16. */
    String name(OperandLayout layout) {
        StringBuilder name = new StringBuilder("mxforge_quantize_").append(prologue.text());
        if (transform != GroupTransform.NONE) {
            name.append('_').append(transform.text());
        }
        return name.append(layout == OperandLayout.MIXED ? "_mixed" : layout.isFolded() ? "_folded" : "_tile128x4")
                .toString();
    }

    QuantizeShape shape() {
        return new QuantizeShape(rows, shares.channels(channels));
    }

    BenchKernel setUp(BenchGpu gpu, OperandLayout layout) {
        KernelProblem problem = problem(layout);
        Work work = work(layout);
        return new TimedKernel(
                gpu.device().operands(problem, List.of(), shape(), BenchGpu.copies(work.bytes() - work.written())),
                gpu.kernel(gpu.choose(problem, shape())),
                work);
    }

    /** What must be read and written. */
    Work work(OperandLayout layout) {
        return problem(layout).work(shape()).orElseThrow();
    }
}
