package org.mxforge.runtime.exec.cuda;

import java.util.Locale;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.target.Target;

/** Whether scales are folded into FP8 where a GPU has tensor cores for it, of which sm_90a is the one. */
public enum Folding {
    /** Where it changes nothing; layers with 8-bit elements, which have no room for a scale, are multiplied in BF16. */
    EXACT,
    /** Everywhere: elements may be rounded once more, see {@link GroupLayout#relaxed()}. */
    RELAXED,
    /** Nowhere. */
    OFF;

    /** In lower case. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The layout of the operands of layers with this split. */
    GroupLayout layout(Target target, ChannelSplit split) {
        if (this == OFF || target != Target.SM_90A) {
            return GroupLayout.TILED;
        }
        boolean room = split.pairs().stream().allMatch(FormatPair::hasRoomForScales);
        if (room) {
            return GroupLayout.STREAMED;
        }
        return this == RELAXED ? GroupLayout.STREAMED.asRelaxed() : GroupLayout.TILED;
    }
}
