package org.mxforge.runtime.simulate;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The {@link FormKernel} of a {@code wgmma}: one product of a warp group, of matrices of random content in shared memory. */
final class WgmmaFormKernel {
    private static final Pattern SHAPE = Pattern.compile("m64n(\\d+)k\\d+\\.\\w+\\.(\\w+)");
    private static final int BLOCKS = 16;
    private static final int ROW = 128;
    private static final int LEFT = 64 * ROW;
    private static final int TILES = LEFT + 256 * ROW;
    private static final int PIECE = 16;

    private WgmmaFormKernel() {}

    static FormKernel of(InstructionForm form) {
        Matcher shape = SHAPE.matcher(form.opcode());
        if (!shape.find()) {
            throw new IllegalArgumentException(form.toString());
        }
        int sums = Integer.parseInt(shape.group(1)) / 2;
        return new FormKernel(
                form, text(form, sums), BLOCKS, content(shape.group(2), sums), BLOCKS * FormKernel.THREADS * sums * 4);
    }

    private static String text(InstructionForm form, int sums) {
        String[] note = form.note().split(" ");
        boolean registers = note[0].equals("registers");
        boolean transposed = note.length == (registers ? 5 : 6) && note[note.length - 1].equals("1");
        String tail = IntStream.range(1, note.length)
                .mapToObj(i -> note[i].equals("-") ? "%adds" : note[i])
                .collect(Collectors.joining(", "));
        StringBuilder text = new StringBuilder(
                """
                .version 8.8
                .target sm_90a
                .address_size 64
                .visible .entry form(.param .u64 reads, .param .u64 writes, .param .u64 number)
                {
                .reg .pred %%adds;
                .reg .b32 %%thread, %%block, %%at, %%step, %%x<4>, %%d<128>;
                .reg .b64 %%in, %%out, %%from, %%wide, %%left, %%right, %%w0, %%w1;
                .shared .align 1024 .b8 tiles[%d];
                mov.u32 %%thread, %%tid.x;
                mov.u32 %%block, %%ctaid.x;
                ld.param.u64 %%in, [reads];
                mul.wide.u32 %%wide, %%block, %d;
                add.s64 %%in, %%in, %%wide;
                ld.param.u64 %%out, [writes];
                mad.lo.s32 %%at, %%block, 128, %%thread;
                mul.wide.u32 %%wide, %%at, %d;
                add.s64 %%out, %%out, %%wide;
                and.b32 %%step, %%block, 3;
                setp.ne.s32 %%adds, %%step, 3;
                mov.u32 %%at, tiles;
                mad.lo.s32 %%at, %%thread, 16, %%at;
                mul.wide.u32 %%wide, %%thread, 16;
                add.s64 %%from, %%in, %%wide;
                """
                        .formatted(TILES, TILES + FormKernel.THREADS * sums * 4, sums * 4));
        for (int i = 0; i < TILES; i += FormKernel.THREADS * PIECE) {
            text.append("ld.global.v2.b64 {%w0, %w1}, [%from+").append(i).append("];\n");
            text.append("st.shared.v2.b64 [%at+").append(i).append("], {%w0, %w1};\n");
        }
        text.append("ld.global.v4.b32 {%x0, %x1, %x2, %x3}, [%from];\n");
        text.append("mul.wide.u32 %wide, %thread, ").append(sums * 4).append(";\nadd.s64 %from, %in, %wide;\n");
        for (int i = 0; i < sums; i++) {
            text.append("ld.global.b32 %d")
                    .append(i)
                    .append(", [%from+")
                    .append(TILES + 4 * i)
                    .append("];\n");
        }
        text.append(transposed ? "mov.u32 %step, 0;\n" : "mul.lo.s32 %step, %step, 2;\n");
        // Columns that are not whole rows of the widest swizzle have the widest whose rows they are.
        int width = transposed ? Math.min(ROW, Integer.lowestOneBit(2 * sums * Short.BYTES)) : ROW;
        text.append(descriptor("%left", 0, 1, ROW))
                .append(descriptor("%right", LEFT, transposed ? 16 * width : PIECE, width));
        String all = IntStream.range(0, sums).mapToObj(i -> "%d" + i).collect(Collectors.joining(", ", "{", "}"));
        text.append("fence.proxy.async.shared::cta;\nbar.sync 0;\nwgmma.fence.sync.aligned;\n")
                .append(form.opcode())
                .append(' ')
                .append(all)
                .append(registers ? ", {%x0, %x1, %x2, %x3}" : ", %left")
                .append(", %right, ")
                .append(tail)
                .append(";\nwgmma.commit_group.sync.aligned;\nwgmma.wait_group.sync.aligned 0;\n");
        for (int i = 0; i < sums; i++) {
            text.append("st.global.b32 [%out+")
                    .append(4 * i)
                    .append("], %d")
                    .append(i)
                    .append(";\n");
        }
        return text.append("ret;\n}\n").toString();
    }

    /** Swizzled over {@code width} bytes; slabs of eight rows follow each other. */
    private static String descriptor(String register, int start, int block, int width) {
        long mode = 1 + Integer.numberOfTrailingZeros(ROW / width);
        long layout = mode << 62 | (long) (8 * width >> 4) << 32 | (long) (block >> 4) << 16;
        return "mov.u32 %at, tiles;\nadd.s32 %at, %at, " + start + ";\nshr.u32 %at, %at, 4;\n"
                + "add.s32 %at, %at, %step;\ncvt.u64.u32 " + register + ", %at;\n"
                + "or.b64 " + register + ", " + register + ", " + layout + ";\n";
    }

    private static byte[] content(String type, int sums) {
        ByteBuffer bytes = ByteBuffer.allocate(BLOCKS * (TILES + FormKernel.THREADS * sums * 4))
                .order(ByteOrder.LITTLE_ENDIAN);
        Random random = new Random(11);
        MatrixNumbers numbers = MatrixNumbers.of(type);
        for (int block = 0; block < BLOCKS; block++) {
            int kind = block * 5 / 4;
            for (int i = 0; i < TILES / 2; i++) {
                bytes.putShort((short)
                        (numbers == null
                                ? random.nextInt()
                                : numbers.bits() == Short.SIZE
                                        ? numbers.next(random, kind)
                                        : numbers.next(random, kind) | numbers.next(random, kind) << Byte.SIZE));
            }
            for (int i = 0; i < FormKernel.THREADS * sums; i++) {
                bytes.putInt((int) (numbers == null ? random.nextInt() : MatrixNumbers.sum(random, kind)));
            }
        }
        return bytes.array();
    }
}
