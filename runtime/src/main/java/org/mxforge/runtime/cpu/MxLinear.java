package org.mxforge.runtime.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleCodec;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.runtime.backend.InputStep;
import org.mxforge.runtime.backend.LinearInput;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;
import org.mxforge.runtime.quant.QuantizedWeight;

/** A layer with packed weights that quantizes its input on the fly. */
record MxLinear(CpuExecutor executor, QuantizedWeight weight, float[] bias) implements CpuLinear {
    @Override
    public int outputs() {
        return weight.matrix().rows();
    }

    @Override
    public int channels() {
        return weight.input().split().channels();
    }

    @Override
    public Optional<InputQuantization> input() {
        return Optional.of(weight.input());
    }

    @Override
    public MxInput prepare(InputStep step, HostMatrix x) {
        HostMatrix plain = Steps.apply(executor, step, x);
        InputQuantization how = weight.input();
        List<PackedPartition> parts = new ArrayList<>();
        int first = 0;
        for (Partition partition : how.split().partitions()) {
            ElementFormat format = partition.formats().activation();
            int channels = partition.channels();
            byte[] codes = new byte[(int) (x.rows() * CodePacking.bytes(format, channels))];
            byte[] scales = new byte[x.rows() * channels / GroupLayout.GROUP];
            byte[] group = new byte[GroupLayout.GROUP];
            for (int g = 0; g < scales.length; g++) {
                int row = g / partition.groups();
                int at = first + g % partition.groups() * GroupLayout.GROUP;
                float absmax = 0;
                for (int i = 0; i < group.length; i++) {
                    float v = plain.values()[row * plain.columns() + how.order()[at + i]];
                    absmax = Math.max(absmax, Math.abs(v));
                }
                int scale = how.rule().scale(absmax, format);
                float factor = ScaleCodec.reciprocal(scale);
                for (int i = 0; i < group.length; i++) {
                    float v = plain.values()[row * plain.columns() + how.order()[at + i]];
                    group[i] = (byte) format.encode(v * factor);
                }
                scales[g] = (byte) scale;
                CodePacking.pack(format, group, 0, group.length, codes, g * format.bytesPerGroup());
            }
            parts.add(new PackedPartition(format, x.rows(), channels, codes, scales));
            first += channels;
        }
        return new MxInput(new PackedMatrix(x.rows(), parts), how);
    }

    @Override
    public void multiply(LinearInput input, Epilogue epilogue, HostMatrix extra, HostMatrix out) {
        float[] x = decode(((MxInput) input).matrix(), 0, input.rows());
        executor.ranges(outputs(), 8, (begin, end) -> {
            for (int n = begin; n < end; n++) {
                float[] row = decode(weight.matrix(), n, n + 1);
                PlainGemm.column(x, input.rows(), channels(), row, n, epilogue, bias, extra, out);
            }
        });
    }

    private float[] decode(PackedMatrix matrix, int begin, int end) {
        float[] values = new float[(end - begin) * channels()];
        byte[] group = new byte[GroupLayout.GROUP];
        int first = 0;
        for (PackedPartition p : matrix.partitions()) {
            int groups = p.channels() / GroupLayout.GROUP;
            for (int g = begin * groups; g < end * groups; g++) {
                CodePacking.unpack(p.format(), p.codes(), g * p.format().bytesPerGroup(), group.length, group, 0);
                float scale = ScaleCodec.decode(p.scales()[g] & 0xff);
                int at = (g / groups - begin) * channels() + first + g % groups * GroupLayout.GROUP;
                for (int i = 0; i < group.length; i++) {
                    values[at + i] = p.format().decode(group[i] & 0xff) * scale;
                }
            }
            first += p.channels();
        }
        return values;
    }
}
