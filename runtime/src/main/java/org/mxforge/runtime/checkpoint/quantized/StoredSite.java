package org.mxforge.runtime.checkpoint.quantized;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.checkpoint.safetensors.TensorType;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.PackedMatrix;

/**
 * How a site's input is quantized, on its way into a file.
 *
 * @param site its name
 * @param input order, split, scale rule and transform
 */
public record StoredSite(String site, InputQuantization input) {
    public long bytes() {
        return (long) Integer.BYTES * input.order().length;
    }

    /** The name of its tensor. */
    public String tensor() {
        return tensor(site);
    }

    /** The name of the tensor of {@code site}. */
    public static String tensor(String site) {
        return StoredNames.order(site);
    }

    /** Adds its tensor and text to a file. */
    public void addTo(SafetensorsWriter file) {
        file.metadata(StoredNames.splitKey(site), input.split().text());
        if (input.transform() != GroupTransform.NONE) {
            file.metadata(StoredNames.transformKey(site), input.transform().text());
        }
        file.add(tensor(), TensorType.I32, SafetensorsWriter.Payload.of(input.order()), input.order().length);
    }

    /** The weight of a layer that reads it. */
    public Weight weight(String layer, int outputs) {
        return new Weight(this, layer, outputs);
    }

    /**
     * A quantized layer on its way into a file: what its tensors are called and how large they are is known before it is
     * quantized.
     *
     * @param site whose input it reads, which says how the weight is quantized
     * @param layer as in the checkpoint, without {@code .weight}
     * @param outputs rows
     */
    public record Weight(StoredSite site, String layer, int outputs) {
        /** Bytes of codes and scales. */
        public long bytes() {
            return site.input.split().partitions().stream()
                    .mapToLong(part -> outputs
                            * (codeBytes(part) + site.input.split().groups().count(part.channels())))
                    .sum();
        }

        /** The names of its tensors. */
        public List<String> tensors() {
            return IntStream.range(0, site.input.split().partitions().size())
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
            file.metadata(StoredNames.siteKey(layer), site.site);
            List<Partition> parts = site.input.split().partitions();
            for (int i = 0; i < parts.size(); i++) {
                int part = i;
                file.add(
                        StoredNames.codes(layer, i),
                        TensorType.U8,
                        out -> SafetensorsWriter.Payload.of(
                                        packed.get().partitions().get(part).codes())
                                .writeTo(out),
                        outputs,
                        codeBytes(parts.get(i)));
                file.add(
                        StoredNames.scales(layer, i),
                        TensorType.U8,
                        out -> SafetensorsWriter.Payload.of(
                                        packed.get().partitions().get(part).scales())
                                .writeTo(out),
                        outputs,
                        site.input.split().groups().count(parts.get(i).channels()));
            }
        }

        private static long codeBytes(Partition part) {
            ElementFormat format = part.formats().weight();
            return CodePacking.bytes(format, part.channels());
        }
    }
}
