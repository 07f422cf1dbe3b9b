package org.mxforge.runtime.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.runtime.quant.PackedPartition;
import org.mxforge.runtime.simulate.Finding;

/** What a quantizer or attention leaves of changed operands, beside what it leaves of those of its case, whatever an oracle says. */
record ChangedOperands(CheckCase of) {
    private static final int FACTOR = 3;

    /** Changes what is brought to the device under some names, and remembers where all is. */
    private record Changing(Memory memory, Map<String, UnaryOperator<byte[]>> changes, Map<String, Long> places)
            implements Memory {
        @Override
        public long upload(String name, byte[] content) {
            byte[] changed =
                    changes.getOrDefault(name, UnaryOperator.identity()).apply(content);
            return remember(name, memory.upload(name, changed));
        }

        @Override
        public long uploadResult(String name, byte[] content) {
            return remember(name, memory.uploadResult(name, content));
        }

        @Override
        public long allocate(String name, int bytes) {
            return remember(name, memory.allocate(name, bytes));
        }

        private long remember(String name, long address) {
            places.put(name, address);
            return address;
        }

        @Override
        public byte[] download(long address) {
            return memory.download(address);
        }

        @Override
        public List<Finding> launch(KernelVariant variant, Record arguments) {
            return memory.launch(variant, arguments);
        }

        @Override
        public void close() {
            memory.close();
        }
    }

    /** All arrays by their names after a launch. */
    private Map<String, byte[]> left(Map<String, UnaryOperator<byte[]>> changes) {
        Checker checker = KernelProperties.CHECKER;
        synchronized (checker) {
            return left(new Changing(checker.memory(of.device()), changes, new HashMap<>()));
        }
    }

    private Map<String, byte[]> left(Changing memory) {
        try (memory) {
            Trial.Launched launched = Trials.of(of.variant().spec()).launch(of, new Operands(memory));
            assertThat(memory.launch(of.variant(), launched.arguments()))
                    .as(of.text())
                    .isEmpty();
            Map<String, byte[]> left = new HashMap<>();
            memory.places.forEach((name, address) -> left.put(name, memory.download(address)));
            return left;
        }
    }

    private void assertSame(String name, byte[] changed, byte[] expected) {
        assertThat(changed).as("%s of %s", name, of.text()).isEqualTo(expected);
    }

    /** A row times a power of two has the same codes and larger scales; SiLU's products grow with what is multiplied by them. */
    void rowScaled() {
        MxQuantizeSpec spec = (MxQuantizeSpec) of.variant().spec();
        int rows = of.sizes().get("m");
        int row = (int) (of.seed() % rows);
        Map<String, byte[]> plain = left(Map.of());
        Map<String, byte[]> scaled = left(Map.of("x", x -> {
            int width = x.length / rows;
            int first = row * width + (spec.prologue() == Prologue.SILU_MUL ? width / 2 : 0);
            return scaled(spec.source(), x, first, (row + 1) * width);
        }));
        OperandLayout layout = of.variant().algorithm().layout(spec.side());
        for (int i = 0; i < spec.formats().size(); i++) {
            for (String codes : List.of("codes of partition " + i, "tiles of partition " + i)) {
                assertSame(codes, scaled.get(codes), plain.get(codes));
            }
            String scales = "scales of partition " + i;
            if (plain.containsKey(scales)) {
                byte[] expected = plain.get(scales);
                byte[] changes = ofRow(spec, i, row, layout);
                for (int at = 0; at < expected.length; at++) {
                    expected[at] += FACTOR * changes[at];
                }
                assertSame(scales, scaled.get(scales), expected);
            }
        }
        if (plain.containsKey("factors")) {
            int at = Float.BYTES * row;
            byte[] expected = scaled(ScalarType.FP32, plain.get("factors"), at, at + Float.BYTES);
            assertSame("factors", scaled.get("factors"), expected);
        }
    }

    /** One where the scales of a row lie, else zero. */
    private byte[] ofRow(MxQuantizeSpec spec, int partition, int row, OperandLayout layout) {
        int rows = of.sizes().get("m");
        int channels = of.sizes().all("k").get(partition);
        ElementFormat format = spec.formats().get(partition);
        int groups = spec.groups().count(channels);
        byte[] ones = new byte[rows * groups];
        IntStream.range(row * groups, (row + 1) * groups).forEach(i -> ones[i] = 1);
        byte[] codes = new byte[Math.toIntExact(rows * CodePacking.bytes(format, channels))];
        return new PackedPartition(format, spec.groups(), rows, channels, codes, ones).scales(layout);
    }

    /** Numbers from byte {@code first} to {@code end} times two to the {@link #FACTOR}. */
    private static byte[] scaled(ScalarType type, byte[] bytes, int first, int end) {
        ByteBuffer changed = ByteBuffer.wrap(bytes.clone()).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = first; at < end; at += type.bytes()) {
            if (type == ScalarType.FP32) {
                changed.putFloat(at, Math.scalb(changed.getFloat(at), FACTOR));
            } else {
                changed.putShort(at, scaled(changed.getShort(at), FACTOR));
            }
        }
        return changed.array();
    }

    private static short scaled(short bf16, int by) {
        return Bfloat16.fromFloat(Math.scalb(Bfloat16.toFloat(bf16), by));
    }

    /** Channels that lie in another order, which the order says, become the same. */
    void channelsMoved() {
        MxQuantizeSpec spec = (MxQuantizeSpec) of.variant().spec();
        int channels = of.sizes().all("k").stream().mapToInt(Integer::intValue).sum();
        int[] places = new Draw(Data.EXACT, of.seed() + 1).order(channels);
        Map<String, byte[]> plain = left(Map.of());
        Map<String, byte[]> moved = left(Map.of(
                "x",
                x -> moved(x, places, spec.source().bytes()),
                "weight",
                weight -> moved(weight, places, ScalarType.BF16.bytes()),
                "centre",
                centre -> moved(centre, places, ScalarType.BF16.bytes()),
                "order",
                order -> mapped(order, places)));
        for (String name : plain.keySet()) {
            if (!List.of("x", "weight", "centre", "order").contains(name)) {
                assertSame(name, moved.get(name), plain.get(name));
            }
        }
    }

    /** Items of so many bytes, each where {@code places} says; the same again behind all of them. */
    private static byte[] moved(byte[] content, int[] places, int bytes) {
        byte[] moved = new byte[content.length];
        for (int i = 0; i < content.length / bytes; i++) {
            int to = i / places.length * places.length + places[i % places.length];
            System.arraycopy(content, i * bytes, moved, to * bytes, bytes);
        }
        return moved;
    }

    private static byte[] mapped(byte[] indices, int[] places) {
        ByteBuffer mapped = ByteBuffer.wrap(indices.clone()).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < indices.length; at += Integer.BYTES) {
            mapped.putInt(at, places[mapped.getInt(at)]);
        }
        return mapped.array();
    }

    /** Pages of the cache that lie elsewhere, as their table says, give the same. */
    void pagesMoved() {
        Map<String, byte[]> plain = left(Map.of());
        int[] table = new int[plain.get("pages").length / Integer.BYTES];
        ByteBuffer.wrap(plain.get("pages"))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer()
                .get(table);
        int[] places = new Draw(Data.EXACT, of.seed() + 1)
                .order(1 + IntStream.of(table).max().orElseThrow());
        UnaryOperator<byte[]> move = cache -> moved(cache, places, cache.length / places.length);
        Map<String, byte[]> moved = left(Map.of("k", move, "v", move, "pages", pages -> mapped(pages, places)));
        assertSame("out", moved.get("out"), plain.get("out"));
    }

    /** Values times a power of two give so much larger results; queries times one and keys over it the same. */
    void valuesScaled() {
        Map<String, byte[]> plain = left(Map.of());
        Map<String, byte[]> scaled = left(
                Map.of("v", v -> scaledBy(v, FACTOR), "q", q -> scaledBy(q, -FACTOR), "k", k -> scaledBy(k, FACTOR)));
        assertSame("out", scaled.get("out"), scaledBy(plain.get("out"), FACTOR));
    }

    private static byte[] scaledBy(byte[] bf16, int by) {
        byte[] changed = bf16.clone();
        ShortBuffer numbers =
                ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        for (int i = 0; i < numbers.limit(); i++) {
            numbers.put(i, scaled(numbers.get(i), by));
        }
        return changed;
    }
}
