package org.mxforge.runtime.cli.bench;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.mxforge.dsl.layout.OperandLayout;

/**
 * Quantizers to be measured.
 *
 * @param cases in their order
 * @param paces how the card is to be found
 */
record QuantizeSweep(List<QuantizeCase> cases, List<Pace> paces) {
    public QuantizeSweep {
        cases = List.copyOf(cases);
        paces = List.copyOf(paces);
    }

    /**
     * Bytes read and written over time, against {@code copy}, the bandwidth of a large copy.
     *
     * @param rows told of each result at once
     */
    public void run(BenchGpu gpu, Rate copy, Consumer<BenchRow> rows) {
        cases.forEach(
                subject -> subject.layouts(gpu.target()).forEach(layout -> measure(gpu, copy, subject, layout, rows)));
    }

    private void measure(BenchGpu gpu, Rate copy, QuantizeCase subject, OperandLayout layout, Consumer<BenchRow> rows) {
        PacedRows lines = new PacedRows(subject.name(layout), subject.rows(), 0, subject.channels(), rows);
        lines.measure(gpu.timer(), paces, () -> subject.setUp(gpu, layout), (rate, megahertz) -> {
            OptionalDouble fraction = OptionalDouble.of(rate.ofBandwidth(copy));
            return new Measurement(rate, fraction, megahertz, OptionalDouble.empty());
        });
    }
}
