package org.mxforge.runtime.checkpoint.quantized;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.checkpoint.safetensors.TensorPayload;
import org.mxforge.runtime.checkpoint.safetensors.TensorType;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.PackedMatrix;

/**
 * A quantized layer on its way into a file: what its tensors are called and how large they are is known before it is
 * quantized.
 *
 * @param layer as in the checkpoint, without {@code .weight}
 * @param site the site whose input it reads
 * @param outputs rows
 * @param input how its input is quantized, which says how the weight is
 */
public record StoredWeight(String layer, String site, int outputs, InputQuantization input) {
    /** Bytes of codes and scales. */
    public long bytes() {
        return input.split().partitions().stream()
                .mapToLong(part ->
                        outputs * (codeBytes(part) + input.split().groups().count(part.channels())))
                .sum();
    }

    /** The names of its tensors. */
    public List<String> tensors() {
        return IntStream.range(0, input.split().partitions().size())
                .boxed()
                .flatMap(i -> Stream.of(StoredNames.codes(layer, i), StoredNames.scales(layer, i)))
                .toList();
    }

    /**
     * Adds its tensors to a file.
     *
     * @param packed asked for each tensor in turn; the tensors of a layer follow each other
     */
    public void addTo(SafetensorsWriter file, Supplier<PackedMatrix> packed) {
        file.metadata(StoredNames.siteKey(layer), site);
        List<Partition> parts = input.split().partitions();
        for (int i = 0; i < parts.size(); i++) {
            int part = i;
            file.add(
                    StoredNames.codes(layer, i),
                    TensorType.U8,
                    out -> TensorPayload.of(packed.get().partitions().get(part).codes())
                            .writeTo(out),
                    outputs,
                    codeBytes(parts.get(i)));
            file.add(
                    StoredNames.scales(layer, i),
                    TensorType.U8,
                    out -> TensorPayload.of(packed.get().partitions().get(part).scales())
                            .writeTo(out),
                    outputs,
                    input.split().groups().count(parts.get(i).channels()));
        }
    }

    private static long codeBytes(Partition part) {
        ElementFormat format = part.formats().weight();
        return CodePacking.bytes(format, part.channels());
    }
}
