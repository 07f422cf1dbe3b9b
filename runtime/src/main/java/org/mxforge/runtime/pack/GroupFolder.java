package org.mxforge.runtime.pack;

import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Side;

/** Stores groups of 32 elements of one format with a power of two folded in. */
sealed interface GroupFolder permits ContainerFolder, FragmentFolder, MixedFolder, Bf16Folder {
    /** What {@link #highestShift} gives for a group of zeros. */
    int ANY = Integer.MAX_VALUE;

    static GroupFolder of(ElementFormat format, OperandLayout layout, Side side) {
        return switch (layout) {
            case CONTAINERS, FRAGMENTS, MIXED, MIXED_FRAGMENTS -> {
                if (side == Side.WEIGHT && layout.keepsFragments(format)) {
                    yield new FragmentFolder(format);
                }
                yield layout.widens(format) ? new MixedFolder(format) : new ContainerFolder(format);
            }
            case BF16 -> new Bf16Folder(format);
            case PLAIN, ROWS, TILED ->
                throw new IllegalArgumentException("operand layout " + layout + " folds nothing");
        };
    }

    /** The largest power of two by which these codes can be multiplied; {@link #ANY} if all are zero. */
    int highestShift(byte[] codes);

    /** Size of a matrix of this format. */
    long bytes(int rows, int channels);

    /**
     * Stores one group, multiplied by 2^{@code shift}.
     *
     * @param codes one to a byte
     * @param group number of the group in its row
     * @param tiles where to, a matrix of {@code channels} channels
     * @return whether all elements are exactly what they were
     */
    boolean fold(byte[] codes, int shift, int row, int group, int channels, byte[] tiles);
}
