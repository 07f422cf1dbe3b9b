package org.mxforge.runtime.model;

/** A part of a decoder layer that reads the residual stream through its own norm and adds its result to it. */
interface ResidualBlock {
    void forward(ForwardPass pass);

    /** Whether it may be part of a {@link org.mxforge.runtime.exec.spi.Backend.RecordedStep}. */
    default boolean isRecordable() {
        return true;
    }
}
