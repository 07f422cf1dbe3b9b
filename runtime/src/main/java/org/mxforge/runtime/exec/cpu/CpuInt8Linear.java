package org.mxforge.runtime.exec.cpu;

import java.util.Optional;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.runtime.cpu.Silu;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.quant.Int8Weight;

/** A layer in INT8, which quantizes its input token by token; plain Java, since it is there to be compared with. */
record CpuInt8Linear(CpuSession session, Int8Weight weight, float[] bias) implements CpuLinear {
    private static final int GRAIN = 8;

    /** Activations; {@code codes} are [rows][channels], {@code scales} [rows]. */
    private record Input(byte[] codes, float[] scales, int channels) implements LinearInput {
        @Override
        public int rows() {
            return scales.length;
        }

        @Override
        public void close() {
            // The garbage collector owns the memory.
        }
    }

    @Override
    public int outputs() {
        return weight.outputs();
    }

    @Override
    public int channels() {
        return weight.channels();
    }

    @Override
    public Optional<String> quantization() {
        return Optional.of("int8");
    }

    @Override
    public LinearInput prepare(LinearInput.Step step, HostMatrix x) {
        float[] values = CpuInputSteps.apply(session.executor(), step, x).values();
        int channels = channels();
        byte[] codes = new byte[Math.multiplyExact(x.rows(), channels)];
        float[] scales = new float[x.rows()];
        session.executor().ranges(x.rows(), GRAIN, (begin, end) -> {
            for (int row = begin; row < end; row++) {
                scales[row] = Int8Weight.quantize(values, row * channels, channels, codes, row * channels);
            }
        });
        return new Input(codes, scales, channels);
    }

    @Override
    public void multiply(LinearInput input, Epilogue epilogue, float[] operand, HostMatrix out) {
        if (!(input instanceof Input given) || given.channels() != channels()) {
            throw new IllegalArgumentException("an INT8 layer was given another input");
        }
        int columns = epilogue.columns(outputs());
        session.executor().ranges(columns, GRAIN, (begin, end) -> {
            for (int row = 0; row < given.rows(); row++) {
                for (int column = begin; column < end; column++) {
                    int at = row * columns + column;
                    out.values()[at] = switch (epilogue) {
                        case NONE -> scaled(given, row, column);
                        case BIAS -> scaled(given, row, column) + operand[column];
                        case RESIDUAL -> scaled(given, row, column) + operand[at];
                        case SILU_MUL -> Silu.of(scaled(given, row, column)) * operand[at];
                        case SWIGLU ->
                            Silu.of(scaled(given, row, Epilogue.gateRow(column)))
                                    * scaled(given, row, Epilogue.upRow(column));
                    };
                }
            }
        });
    }

    private float scaled(Input given, int row, int output) {
        return sum(given.codes(), row, output) * (given.scales()[row] * weight.scales()[output]);
    }

    /** Exact: {@link org.mxforge.dsl.spec.Int8GemmSpec#MOST_CHANNELS} of the largest products fit. */
    private int sum(byte[] codes, int row, int output) {
        int channels = channels();
        int from = row * channels;
        int with = output * channels;
        int sum = 0;
        for (int i = 0; i < channels; i++) {
            sum += codes[from + i] * weight.codes()[with + i];
        }
        return sum;
    }
}
