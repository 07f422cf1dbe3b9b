package org.mxforge.runtime.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.Float16;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.cache.ArtifactCache;

/** Arrays of one test in a simulated GPU, by address, and the launches on them. */
final class SimulatedWorkspace {
    final Simulator simulator = new Simulator(ArtifactCache.user());

    static KernelVariant variant(KernelSpec spec) {
        return KernelVariant.of(spec, Target.SM_80);
    }

    static KernelVariant variant(KernelSpec spec, int threads) {
        return KernelVariant.of(
                spec,
                KernelVariant.of(spec, Target.SM_80).algorithm(),
                Target.SM_80,
                Configuration.parse("threads=" + threads));
    }

    /** Normally distributed BF16 numbers. */
    static float[] normal(long seed, int count) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = Bfloat16.toFloat(Bfloat16.fromFloat((float) random.nextGaussian()));
        }
        return values;
    }

    long upload(ScalarType type, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(type.bytes() * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            switch (type) {
                case FP32 -> bytes.putFloat(value);
                case BF16 -> bytes.putShort(Bfloat16.fromFloat(value));
                case FP16 -> bytes.putShort(Float16.fromFloat(value));
            }
        }
        return simulator.upload("of the test", bytes.array());
    }

    long floats(float... values) {
        return upload(ScalarType.FP32, values);
    }

    long bf16(float... values) {
        return upload(ScalarType.BF16, values);
    }

    long ints(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            bytes.putInt(value);
        }
        return simulator.upload("of the test", bytes.array());
    }

    /** Room for a result. */
    long room(ScalarType type, int count) {
        return simulator.allocate("of the result", type.bytes() * count);
    }

    /** The array at {@code address}, all of which a kernel must have written. */
    float[] read(ScalarType type, long address) {
        ByteBuffer bytes = written(address);
        float[] values = new float[bytes.capacity() / type.bytes()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (type) {
                case FP32 -> bytes.getFloat();
                case BF16 -> Bfloat16.toFloat(bytes.getShort());
                case FP16 -> Float16.toFloat(bytes.getShort());
            };
        }
        return values;
    }

    int[] readInts(long address) {
        ByteBuffer bytes = written(address);
        int[] values = new int[bytes.capacity() / Integer.BYTES];
        bytes.asIntBuffer().get(values);
        return values;
    }

    private ByteBuffer written(long address) {
        assertThat(simulator.neverWritten(address)).as("bytes never written").isZero();
        return ByteBuffer.wrap(simulator.download(address)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Launches {@code variant}, which must do nothing wrong. */
    <A> Simulation launch(KernelVariant variant, A arguments) {
        Simulation simulation = simulator.launch(variant, arguments);
        assertThat(simulation.findings()).as(variant.text()).isEmpty();
        return simulation;
    }
}
