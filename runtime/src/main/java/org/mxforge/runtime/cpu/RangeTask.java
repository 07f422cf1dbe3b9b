package org.mxforge.runtime.cpu;

/** Work on the items {@code begin .. end-1}. */
@FunctionalInterface
public interface RangeTask {
    void run(int begin, int end);
}
