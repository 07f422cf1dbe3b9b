package org.mxforge.runtime.bench;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.MxForgeException;

/**
 * Quantizers to be measured.
 *
 * @param cases in their order
 * @param pace how the card is to be found
 */
public record QuantizeSweep(List<QuantizeCase> cases, Pace pace) {
    public QuantizeSweep {
        cases = List.copyOf(cases);
    }

    /**
     * Bytes read and written over time, against {@code copy}, the bandwidth of a large copy.
     *
     * @param rows told of each result at once
     */
    public void run(BenchGpu gpu, Rate copy, Consumer<BenchRow> rows) {
        List<GroupLayout> layouts = gpu.target() == Target.SM_90A
                ? List.of(GroupLayout.FOLDED.asRelaxed(), GroupLayout.TILED)
                : List.of(GroupLayout.TILED);
        for (GroupLayout layout : layouts) {
            cases.forEach(subject -> rows.accept(row(gpu, copy, subject, layout)));
        }
    }

    private BenchRow row(BenchGpu gpu, Rate copy, QuantizeCase subject, GroupLayout layout) {
        String peer = "mxforge_quantize_" + subject.prologue().text() + "_"
                + layout.scales().text();
        try (BenchKernel kernel = new RowQuantizer(gpu, subject, layout)) {
            Rate rate = new Rate(gpu.timer().millis(kernel, pace), kernel.bytes(), kernel.flops());
            return BenchRow.measured(
                    peer,
                    subject.rows(),
                    0,
                    subject.channels(),
                    rate,
                    OptionalDouble.of(rate.gigabytesPerSecond() / copy.gigabytesPerSecond()));
        } catch (MxForgeException | IllegalArgumentException e) {
            return BenchRow.failed(peer, subject.rows(), 0, subject.channels(), e.getMessage());
        }
    }
}
