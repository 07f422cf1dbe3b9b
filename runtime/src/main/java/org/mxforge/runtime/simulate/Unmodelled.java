package org.mxforge.runtime.simulate;

import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.simulate.ptx.PtxInstruction;

/** Instructions, and forms of them, that the simulator does not know. */
final class Unmodelled {
    private Unmodelled() {}

    static MxForgeException of(PtxInstruction instruction, String why) {
        return new MxForgeException(
                "The instruction '" + instruction.opcode() + "' in " + instruction.at() + " " + why + ".");
    }
}
