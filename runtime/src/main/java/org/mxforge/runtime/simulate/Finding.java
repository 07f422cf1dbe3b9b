package org.mxforge.runtime.simulate;

import java.util.List;
import org.mxforge.runtime.simulate.ptx.CodeLine;

/**
 * Something a kernel does that hardware would not tell: it may still give the right result there, today.
 *
 * @param kind what it is
 * @param kernel the entry point
 * @param ptxLine line of the PTX, from 1; 0 if it is about the whole launch
 * @param cudaLine line of the emitted CUDA source, from 1; 0 if unknown
 * @param callers lines of it that call the function that line is in, the nearest first
 * @param times how often it happened
 * @param message what happened the first time, one sentence
 */
public record Finding(
        Kind kind, String kernel, int ptxLine, int cudaLine, List<Integer> callers, long times, String message) {
    public Finding {
        callers = List.copyOf(callers);
    }

    /** The same once more. */
    Finding again() {
        return new Finding(kind, kernel, ptxLine, cudaLine, callers, times + 1, message);
    }

    /** What can be found. */
    public enum Kind {
        /** An access outside every array or outside shared memory; reads give zeros, writes are lost. */
        OUT_OF_BOUNDS,
        /** An address that is no multiple of the access's width. */
        MISALIGNED,
        /** A read of memory that nobody has written. */
        NEVER_WRITTEN,
        /** Two accesses, at least one of them a write, that no barrier puts in order. */
        RACE,
        /** An access to shared memory that an asynchronous copy is still filling, or copies or products that nobody waits for. */
        UNFINISHED,
        /** A barrier or another instruction of whole warps that some lanes or warps do not reach. */
        DIVERGENT_BARRIER,
        /** A read by the copy engine or a tensor core of what an instruction wrote, with no fence for them between. */
        MISSING_FENCE,
        /** An access to global memory by a kernel that waits for those before it, but not yet then. */
        EARLY,
        /** A result that the whole launch has left incomplete. */
        MISSING_RESULT,
        /** A result, or a part of it, that several threads write, or one again. */
        WRITTEN_TWICE,
        /** A result that is not what the kernel's kind says is right. */
        WRONG_RESULT,
        /** An array that the same launch has left with other bits on a GPU. */
        DIFFERENT_ON_GPU
    }

    /** Something about a whole launch. */
    public static Finding of(Kind kind, String kernel, String message) {
        return new Finding(kind, kernel, 0, 0, List.of(), 1, message);
    }

    @Override
    public String toString() {
        String where = ptxLine > 0 ? kernel + ", " + new CodeLine(ptxLine, cudaLine, callers) : kernel;
        return where + ": " + message + (times > 1 ? " (" + times + " times)" : "");
    }
}
