package com.example.guide;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.launch.TrialOperands;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.shape.QuantizeShape;
import org.mxforge.dsl.shape.QuantizeWork;
import org.mxforge.dsl.shape.Work;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.JudgedKind;
import org.mxforge.dsl.spec.SpecText;

/** The home of the kind: how its texts are read, which algorithms it has, what they are tried on, and what is right. */
public final class GroupMaxKind implements JudgedKind<GroupMaxSpec> {
    @Override
    public String stem() {
        return "groupmax";
    }

    @Override
    public Class<GroupMaxSpec> specs() {
        return GroupMaxSpec.class;
    }

    @Override
    public Class<GroupMaxSpec.Arguments> arguments() {
        return GroupMaxSpec.Arguments.class;
    }

    @Override
    public GroupMaxSpec read(SpecText fields) {
        return new GroupMaxSpec(fields.number("group"));
    }

    @Override
    public List<Algorithm<GroupMaxSpec>> algorithms() {
        return List.of(new GroupMaxThreads());
    }

    /** Shapes are written as m512,k4096. */
    @Override
    public Class<QuantizeShape> shapes() {
        return QuantizeShape.class;
    }

    @Override
    public Optional<Work> work(GroupMaxSpec spec, OperandLayout layout, KernelShape shape) {
        long read = 2L * shape.m() * shape.channels();
        return shape.k().size() == 1 && shape.channels() % spec.group() == 0
                ? Optional.of(new QuantizeWork(read, read / spec.group()))
                : Optional.empty();
    }

    @Override
    public TrialOperands trial(GroupMaxSpec spec, KernelShape shape) {
        int groups = shape.m() * shape.channels() / spec.group();
        ByteBuffer x = ByteBuffer.allocate(2 * groups * spec.group()).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer wanted = ByteBuffer.allocate(2 * groups).order(ByteOrder.LITTLE_ENDIAN);
        Random random = new Random(1);
        for (int group = 0; group < groups; group++) {
            float most = 0;
            for (int i = 0; i < spec.group(); i++) {
                short number = Bfloat16.fromFloat((float) random.nextGaussian());
                x.putShort(number);
                most = Math.max(most, Math.abs(Bfloat16.toFloat(number)));
            }
            wanted.putShort(Bfloat16.fromFloat(most));
        }
        return new TrialOperands(
                Map.of("x", x.array()),
                Map.of("y", wanted.capacity()),
                at -> new GroupMaxSpec.Arguments(shape.m(), shape.channels(), at.get("x"), at.get("y")),
                results -> {
                    int first = ByteBuffer.wrap(results.get("y")).mismatch(wanted.rewind());
                    return first < 0 ? Optional.empty() : Optional.of("group " + first / 2 + " is wrong");
                });
    }
}
