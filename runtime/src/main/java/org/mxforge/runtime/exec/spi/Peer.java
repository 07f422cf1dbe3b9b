package org.mxforge.runtime.exec.spi;

import java.util.List;

/**
 * A device that can have a part of a model, beside others of its kind, whose memory it reads. One thread asks all of them; what it asks a
 * device for is done in order there, and waits for what others do only where {@link #await} says so.
 */
public interface Peer extends Backend {
    @Override
    Peer forModel();

    /** Makes it the device that the calling thread works on, which it must be for whatever is asked of it. */
    default void enter() {}

    /** What is asked of it from now on waits for all that was asked of {@code other} until now. */
    default void await(Peer other) {}

    /** {@code y += parts[0] + parts[1] + ...}, one after the other; residual streams, of which the parts lie on other devices as well. */
    void addParts(List<Matrix> parts, Matrix y);

    /** {@code whole = [parts[0] parts[1] ...]} side by side; activations, of which the parts are as wide as each other, on any devices. */
    void joinParts(List<Matrix> parts, Matrix whole);

    @Override
    default RecordedStep record(Runnable operations) {
        return record(operations, List.of());
    }

    /** As {@link #record(Runnable)}, of operations on this device and on {@code others}. */
    RecordedStep record(Runnable operations, List<Peer> others);
}
