package org.mxforge.runtime.exec.spi;

/**
 * Operations on a {@link Backend} that are asked for again and again with other numbers in the same memory, such as a decoding step
 * over a {@link Batch}. A GPU records them, so that a repetition costs the host one call; addresses, shapes and the choice of
 * kernels are as they were when the step was first run.
 *
 * <p>Nothing in a step may depend on values that the host would have to read, or be brought from the host: experts whose
 * {@link Experts#isRecordable()} is false cannot be part of one.
 */
public interface RecordedStep extends AutoCloseable {
    /** Asks for the operations, without waiting for them. */
    void replay();

    /** Gives the memory back that the step works in; what was asked for is still done. */
    @Override
    void close();

    /** A step that is not recorded, but asked for operation by operation each time. */
    static RecordedStep repeating(Runnable operations) {
        return new RecordedStep() {
            @Override
            public void replay() {
                operations.run();
            }

            @Override
            public void close() {
                // Nothing is kept between two runs.
            }
        };
    }
}
