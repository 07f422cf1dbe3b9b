package org.mxforge.runtime.convert;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.quant.PackedPartition;

/** Small files that {@code tests/src/peers/foreign_checkpoints.py} and torch wrote as other programs do. */
final class ForeignFixtures {
    private ForeignFixtures() {}

    static Path folder(String name) {
        try {
            return Path.of(ForeignFixtures.class.getResource("/foreign/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the weights of some layers of a checkpoint stand for, by name. */
    static Map<String, float[]> expected(String name) {
        TensorStore store = TensorStore.open(folder(name).resolve("expected.safetensors"));
        Map<String, float[]> values = new TreeMap<>();
        store.names().forEach(tensor -> values.put(tensor, store.f32(tensor)));
        return values;
    }

    static float[] values(PackedPartition weight) {
        ElementFormat format = weight.format();
        int channels = weight.channels();
        float[] values = new float[weight.rows() * channels];
        byte[] codes = new byte[channels];
        for (int row = 0; row < weight.rows(); row++) {
            int bytes = (int) CodePacking.bytes(format, channels);
            CodePacking.unpack(format, weight.codes(), row * bytes, channels, codes, 0);
            for (int k = 0; k < channels; k++) {
                int scale = weight.scales()[row * weight.rowScales() + k / GroupLayout.GROUP] & 0xff;
                values[row * channels + k] = Math.scalb(format.decode(codes[k] & 0xff), scale - 127);
            }
        }
        return values;
    }
}
