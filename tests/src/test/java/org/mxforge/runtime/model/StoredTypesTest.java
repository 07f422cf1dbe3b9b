package org.mxforge.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.checkpoint.safetensors.TensorType;
import org.mxforge.runtime.exec.cpu.CpuBackend;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.quant.StoredTypes;
import org.mxforge.runtime.quant.TinyCheckpoint;

/** Weights run as they are stored. */
class StoredTypesTest {
    private static final int[] IDS = {7, 3, 49, 0, 12, 3, 3};
    private static final double TOLERANCE = 2e-5;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(
            value = TensorType.class,
            names = {"F16", "F32"})
    void weightsAreNotRounded(TensorType type) throws IOException {
        assertAsStored(name -> type);
    }

    @Test
    void typesMayDifferInOneCheckpoint() throws IOException {
        assertAsStored(StoredTypes::mixed);
    }

    /** The reference computes in double from the stored values. */
    private void assertAsStored(Function<String, TensorType> types) throws IOException {
        Checkpoint checkpoint = Checkpoint.open(TinyCheckpoint.stored(folder.resolve("model"), types));
        float[] expected;
        float[] ours;
        try (Backend reference = new ReferenceBackend();
                Backend cpu = new CpuBackend(2, VariantChooser.DEFAULTS, new ArtifactCache(folder.resolve("cache")))) {
            expected = logits(checkpoint, reference);
            ours = logits(checkpoint, cpu);
            assertThat(difference(logits(checkpoint, cpu, 1), Arrays.copyOf(expected, 50)))
                    .as("one row")
                    .isLessThan(TOLERANCE);
        }
        assertThat(difference(ours, expected)).as("rows together").isLessThan(TOLERANCE);
        assertThat(difference(expected, logits(rounded(checkpoint), new ReferenceBackend())))
                .as("what rounding to BF16 would do")
                .isGreaterThan(100 * TOLERANCE);
    }

    private Checkpoint rounded(Checkpoint checkpoint) throws IOException {
        TensorStore store = checkpoint.weights().store();
        SafetensorsWriter writer = new SafetensorsWriter();
        for (String name : store.names()) {
            long[] shape =
                    store.info(name).shape().stream().mapToLong(Long::longValue).toArray();
            ScalarArray values = ScalarArray.rounded(ScalarType.BF16, store.f32(name));
            writer.add(name, TensorType.BF16, SafetensorsWriter.Payload.of(values), shape);
        }
        Path rounded = Files.createDirectory(folder.resolve("rounded"));
        Files.copy(checkpoint.folder().resolve("config.json"), rounded.resolve("config.json"));
        writer.write(rounded.resolve("model.safetensors"));
        return Checkpoint.open(rounded);
    }

    private static float[] logits(Checkpoint checkpoint, Backend backend) {
        return logits(checkpoint, backend, IDS.length);
    }

    private static float[] logits(Checkpoint checkpoint, Backend backend, int count) {
        float[] all = new float[count * checkpoint.config().vocabulary()];
        try (Decoder decoder = Decoder.load(checkpoint, backend)) {
            decoder.logits(Arrays.copyOf(IDS, count), (logits, first) -> {
                float[] rows = backend.download(logits);
                System.arraycopy(rows, 0, all, first * logits.columns(), rows.length);
            });
        }
        return all;
    }

    /** The largest one, relative to the largest value. */
    private static double difference(float[] a, float[] b) {
        double difference = 0;
        double value = 0;
        for (int i = 0; i < a.length; i++) {
            difference = Math.max(difference, Math.abs(a[i] - b[i]));
            value = Math.max(value, Math.abs(b[i]));
        }
        return difference / value;
    }
}
