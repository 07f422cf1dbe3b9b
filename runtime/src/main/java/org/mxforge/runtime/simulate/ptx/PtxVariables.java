package org.mxforge.runtime.simulate.ptx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Lays out the variables of a module: local ones in each lane, shared ones in each block, global and constant ones once. */
final class PtxVariables {
    private static final int WIDEST = 16;

    private int shared;
    private int local;
    private int dynamicAlignment = 1;
    private String dynamic;
    private PtxScope dynamicScope;
    private byte[] module = new byte[0];

    /** Bytes of static shared memory, and where dynamic shared memory begins. */
    int sharedBytes() {
        return align(shared, dynamicAlignment);
    }

    int localBytes() {
        return align(local, WIDEST);
    }

    byte[] module() {
        return module;
    }

    /** Reads a declaration behind {@code .global}, {@code .const} or {@code .shared}, and puts its name into {@code scope}. */
    void read(String space, PtxScanner in, PtxScope scope) {
        int alignment = 1;
        String word = in.word();
        if (word.equals(".align")) {
            alignment = Integer.parseInt(in.word());
            word = in.word();
        }
        PtxType type = PtxType.find(word.substring(1));
        if (type == null) {
            throw in.fault("'" + word + "' is no type of a variable");
        }
        String name = in.word();
        int count = 1;
        if (in.take('[')) {
            String length = in.word();
            // Dynamic shared memory: as much as the launch gives.
            count = length.isEmpty() ? 0 : Integer.parseInt(length);
            in.expect(']');
        }
        if (space.equals(".shared") && count == 0) {
            dynamic = name;
            dynamicScope = scope;
            dynamicAlignment = alignment;
        } else if (space.equals(".shared")) {
            shared = align(shared, Math.max(alignment, type.bytes()));
            scope.declareVariable(name, shared);
            shared += count * type.bytes();
        } else if (space.equals(".local")) {
            local = align(local, Math.max(alignment, type.bytes()));
            scope.declareVariable(name, local);
            local += count * type.bytes();
        } else {
            int offset = align(module.length, Math.max(alignment, type.bytes()));
            module = Arrays.copyOf(module, offset + count * type.bytes());
            scope.declareVariable(name, PtxKernel.VARIABLES + offset);
            if (in.take('=')) {
                initialise(in, type, offset);
            }
        }
        in.expect(';');
        if (dynamic != null) {
            // Static variables may follow: it moves behind them.
            dynamicScope.declareVariable(dynamic, sharedBytes());
        }
    }

    private void initialise(PtxScanner in, PtxType type, int offset) {
        ByteBuffer values = ByteBuffer.wrap(module).order(ByteOrder.LITTLE_ENDIAN);
        boolean list = in.take('{');
        int at = offset;
        do {
            boolean negative = in.take('-');
            long bits = PtxNumber.bits(in.word());
            bits = negative ? -bits : bits;
            for (int i = 0; i < type.bytes(); i++) {
                values.put(at + i, (byte) (bits >> Byte.SIZE * i));
            }
            at += type.bytes();
        } while (list && in.take(','));
        if (list) {
            in.expect('}');
        }
    }

    private static int align(int offset, int alignment) {
        return (offset + alignment - 1) / alignment * alignment;
    }
}
