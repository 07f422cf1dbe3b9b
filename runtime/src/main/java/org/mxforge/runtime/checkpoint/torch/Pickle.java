package org.mxforge.runtime.checkpoint.torch;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * Reads a pickle of protocol 2 as {@code torch.save} writes it. Values become {@link String}, {@link Long}, {@link Boolean}, {@link List} for
 * tuples, {@link LinkedHashMap} for dictionaries, {@link Named}, {@link Storage}, {@link Tensor} and {@link #NOTHING}.
 */
final class Pickle {
    /** What a pickle may name; to call one is to describe a tensor or an empty dictionary. */
    enum Named {
        TENSOR("torch._utils", "_rebuild_tensor_v2", 0),
        DICTIONARY("collections", "OrderedDict", 0),
        I64("torch", "LongStorage", Long.BYTES),
        I32("torch", "IntStorage", Integer.BYTES),
        I16("torch", "ShortStorage", Short.BYTES);

        private final String module;
        private final String name;
        private final int bytes;

        Named(String module, String name, int bytes) {
            this.module = module;
            this.name = name;
            this.bytes = bytes;
        }

        /** Of one element of a storage; 0 for what is none. */
        int bytes() {
            return bytes;
        }
    }

    /**
     * Numbers in another file of the archive.
     *
     * @param key the file's name
     * @param elements how many
     */
    record Storage(Named type, String key, long elements) {}

    /** A view of a storage: element i..j lies {@code offset + i * strides[0] + ..} elements from its begin. */
    record Tensor(Storage storage, long offset, List<Object> sizes, List<Object> strides) {}

    /** Python's None. */
    static final Object NOTHING = new Object();

    private static final Object MARK = new Object();

    private final ByteBuffer in;
    private final Deque<Object> stack = new ArrayDeque<>();
    private final Map<Integer, Object> memo = new HashMap<>();

    private Pickle(byte[] pickle) {
        this.in = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * The value that {@code pickle} describes.
     *
     * @throws IllegalArgumentException saying what in it is damaged or not read
     */
    static Object read(byte[] pickle) {
        try {
            return new Pickle(pickle).run();
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("its pickle ends in the middle", e);
        } catch (NoSuchElementException | ClassCastException | CharacterCodingException e) {
            throw new IllegalArgumentException("its pickle is damaged", e);
        }
    }

    private Object run() throws CharacterCodingException {
        while (true) {
            int opcode = in.get() & 0xff;
            switch (opcode) {
                case 0x80 -> requireProtocol(in.get());
                case '}' -> stack.push(new LinkedHashMap<>());
                case ')' -> stack.push(List.of());
                case '(' -> stack.push(MARK);
                case 'N' -> stack.push(NOTHING);
                case 0x88 -> stack.push(true);
                case 0x89 -> stack.push(false);
                case 'K' -> stack.push((long) (in.get() & 0xff));
                case 'M' -> stack.push((long) (in.getShort() & 0xffff));
                case 'J' -> stack.push((long) in.getInt());
                case 0x8a -> stack.push(longOf(in.get() & 0xff));
                case 'X' -> stack.push(text(in.getInt()));
                case 'c' -> stack.push(named(line(), line()));
                case 'q' -> memo.put(in.get() & 0xff, stack.getFirst());
                case 'r' -> memo.put(in.getInt(), stack.getFirst());
                case 'h' -> stack.push(remembered(in.get() & 0xff));
                case 'j' -> stack.push(remembered(in.getInt()));
                case 't' -> stack.push(popToMark());
                case 0x85, 0x86, 0x87 -> stack.push(pop(opcode - 0x84));
                case 'Q' -> stack.push(storage((List<?>) stack.pop()));
                case 'R' -> {
                    List<?> arguments = (List<?>) stack.pop();
                    stack.push(call((Named) stack.pop(), arguments));
                }
                case 's' -> set(pop(2));
                case 'u' -> set(popToMark());
                case '.' -> {
                    return stack.pop();
                }
                default ->
                    throw new IllegalArgumentException("its pickle has the instruction 0x" + Integer.toHexString(opcode)
                            + ", which dictionaries of numbers do not need; nothing of it was run");
            }
        }
    }

    private static void requireProtocol(int protocol) {
        if (protocol != 2) {
            throw new IllegalArgumentException("its pickle is of protocol " + protocol + ", not 2, torch.save's own");
        }
    }

    private long longOf(int bytes) {
        if (bytes > Long.BYTES) {
            throw new IllegalArgumentException("its pickle has a number of " + bytes + " bytes");
        }
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (in.get() & 0xffL) << (i * Byte.SIZE);
        }
        int unused = Long.SIZE - bytes * Byte.SIZE;
        return bytes == 0 ? 0 : value << unused >> unused;
    }

    private String text(int bytes) throws CharacterCodingException {
        if (bytes < 0 || bytes > in.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer text = in.slice(in.position(), bytes);
        in.position(in.position() + bytes);
        return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
    }

    private String line() throws CharacterCodingException {
        int end = in.position();
        while (end < in.limit() && in.get(end) != '\n') {
            end++;
        }
        String line = text(end - in.position());
        in.get();
        return line;
    }

    private static Named named(String module, String name) {
        for (Named known : Named.values()) {
            if (known.module.equals(module) && known.name.equals(name)) {
                return known;
            }
        }
        String asked = module + "." + name;
        throw new IllegalArgumentException("its pickle asks for "
                + (asked.length() > 80 ? asked.substring(0, 80) + "..." : asked)
                + ", where only tensors of whole numbers are read; nothing of it was run");
    }

    private Object remembered(int index) {
        Object value = memo.get(index);
        if (value == null) {
            throw new NoSuchElementException();
        }
        return value;
    }

    private List<Object> popToMark() {
        List<Object> values = new ArrayList<>();
        for (Object value = stack.pop(); value != MARK; value = stack.pop()) {
            values.add(value);
        }
        Collections.reverse(values);
        return values;
    }

    private List<Object> pop(int count) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(stack.pop());
        }
        Collections.reverse(values);
        return values;
    }

    /** A reference to something outside the pickle: ('storage', type, key, device, elements). */
    private static Storage storage(List<?> reference) {
        if (reference.size() != 5 || !"storage".equals(reference.get(0))) {
            throw new NoSuchElementException();
        }
        Named type = (Named) reference.get(1);
        if (type.bytes() == 0) {
            throw new NoSuchElementException();
        }
        return new Storage(type, (String) reference.get(2), (Long) reference.get(4));
    }

    @SuppressWarnings("unchecked")
    private static Object call(Named named, List<?> arguments) {
        if (named == Named.DICTIONARY && arguments.isEmpty()) {
            return new LinkedHashMap<>();
        }
        // (storage, offset, sizes, strides, whether it wants gradients, hooks)
        if (named != Named.TENSOR || arguments.size() < 4) {
            throw new NoSuchElementException();
        }
        return new Tensor(
                (Storage) arguments.get(0), (Long) arguments.get(1), (List<Object>) arguments.get(2), (List<Object>)
                        arguments.get(3));
    }

    @SuppressWarnings("unchecked")
    private void set(List<Object> keysAndValues) {
        Map<Object, Object> dictionary = (Map<Object, Object>) stack.getFirst();
        for (int i = 0; i + 1 < keysAndValues.size(); i += 2) {
            dictionary.put((String) keysAndValues.get(i), keysAndValues.get(i + 1));
        }
    }
}
