package org.mxforge.codegen.kernel.quantize;

import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.FoldedFormat;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.target.Target;

/**
 * Shared memory of a quantizer that takes rows by pairs: zeros, a slot of both rows' BF16 numbers for each channel, and room for
 * the next pair of rows, fetched while this one is worked on. Rows too wide for that are read when their turn comes.
 *
 * @param zeros bytes before the slots
 * @param slot bytes of a slot
 * @param ahead bytes that are fetched ahead for each channel: two rows of one or two arrays
 * @param buffered most channels for which there is room to fetch ahead, a multiple of a group
 * @param channels most channels at all, a multiple of a group
 * @param exchange bytes in which a warp whose threads turn whole groups exchanges codes
 * @param exchanges bytes of all warps for that
 * @param blocks most blocks of a multiprocessor that its registers allow
 */
public record RowPairRoom(
        int zeros, int slot, int ahead, int buffered, int channels, int exchange, int exchanges, int blocks) {
    /** Left for what all threads of a block share besides. */
    private static final int RESERVED_BYTES = 512;

    private static final int WARP = 32;

    /** Sixteen lines of a word for each lane, and what keeps them in different banks. */
    private static final int EXCHANGE = 16 * (32 * 4 + 32);

    /** Partitions, and ways to fold them, that take few registers. */
    private static final int FEW = 3;

    private static final int REGISTERS_OF_MULTIPROCESSOR = 65_536;

    /** The room of {@code spec} on sm_90a with blocks of {@code threads} threads. */
    public static RowPairRoom of(MxQuantizeSpec spec, int threads) {
        int zeros = 16;
        int slot = 4;
        int arrays = spec.prologue() == Prologue.SILU_MUL ? 2 : 1;
        int ahead = 2 * arrays * spec.source().bytes();
        int exchange = spec.transform() == GroupTransform.NONE ? 0 : EXCHANGE;
        int exchanges = exchange * (threads / WARP);
        int room = Target.SM_90A.sharedMemoryPerBlock() - RESERVED_BYTES - zeros - exchanges;
        return new RowPairRoom(
                zeros,
                slot,
                ahead,
                whole(room / (slot + ahead)),
                whole(room / slot),
                exchange,
                exchanges,
                Math.max(1, REGISTERS_OF_MULTIPROCESSOR / (registers(spec) * threads)));
    }

    /** The most shared memory that a block takes. */
    public int bytes() {
        return zeros + exchanges + Math.max(buffered * (slot + ahead), channels * slot);
    }

    /** Registers that a thread needs to keep its part of two rows, as the assembler's reports have it: fewer and it spills. */
    private static int registers(MxQuantizeSpec spec) {
        if (spec.formats().size() > FEW) {
            return 144;
        }
        if (!spec.tolerance().rounds()
                && !spec.formats().stream().map(FoldedFormat::of).allMatch(FoldedFormat::hasRoom)) {
            return 104;
        }
        long ways =
                spec.formats().stream().map(FoldedElement.Quick::of).distinct().count();
        boolean plain = spec.prologue() != Prologue.SILU_MUL
                && spec.rule() == ScaleRule.CEIL
                && spec.transform() == GroupTransform.NONE
                && ways < FEW;
        return plain ? 72 : 80;
    }

    private static int whole(int channels) {
        return channels / GroupLayout.GROUP * GroupLayout.GROUP;
    }
}
