package org.mxforge.runtime.bench;

import java.util.List;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.FoldedFormat;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.kernel.QuantizeShape;
import org.mxforge.runtime.tune.cost.QuantizeWork;

/**
 * One reorder-quantize of BF16 activations.
 *
 * @param rows tokens
 * @param channels of a row
 * @param formats of the partitions
 * @param shares of the channels that the partitions get
 * @param prologue what is done before
 */
public record QuantizeCase(int rows, int channels, List<ElementFormat> formats, Shares shares, Prologue prologue) {
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

    MxQuantizeSpec spec(GroupLayout layout) {
        return new MxQuantizeSpec(Side.ACTIVATION, formats, ScaleRule.CEIL, layout, prologue, ScalarType.BF16);
    }

    QuantizeShape shape() {
        return new QuantizeShape(rows, shares.channels(channels));
    }

    /** As models on sm_90a lay it out; elements without room for their scales can only be folded if that may round. */
    GroupLayout folded() {
        boolean room =
                formats.stream().allMatch(format -> FoldedFormat.of(format).hasRoom());
        return room ? GroupLayout.STREAMED : GroupLayout.STREAMED.asRelaxed();
    }

    BenchKernel setUp(BenchGpu gpu, GroupLayout layout) {
        MxQuantizeSpec spec = spec(layout);
        QuantizeWork work = work(layout);
        return new TimedKernel(
                gpu.device().operands(spec, shape(), BenchGpu.copies(work.read())),
                gpu.kernel(spec, gpu.choose(spec, shape())),
                work);
    }

    /** What must be read and written. */
    public QuantizeWork work(GroupLayout layout) {
        return QuantizeWork.of(spec(layout), shape()).orElseThrow();
    }
}
