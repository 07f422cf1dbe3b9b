package org.mxforge.runtime.refine;

import java.util.Optional;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.runtime.exec.spi.Backend;

/** Rotations on a device for as long as a search has it, and on the host from then on and where the device has none. */
final class LentRotations implements Backend.Rotations, AutoCloseable {
    private static final Backend.Rotations HOST = new HostRotations();

    private Optional<Backend.Rotations> device;

    LentRotations(Backend backend) {
        device = backend.rotations();
    }

    @Override
    public void channels(float[] rows, int size, double[][] blocks) {
        on(size * blocks.length).channels(rows, size, blocks);
    }

    @Override
    public void outputs(float[] weight, int size, double[][] blocks) {
        on(weight.length / (size * blocks.length)).outputs(weight, size, blocks);
    }

    private Backend.Rotations on(int columns) {
        return device.filter(own -> columns % GroupLayout.GROUP == 0).orElse(HOST);
    }

    /** Gives the device back. */
    @Override
    public void close() {
        device = Optional.empty();
    }
}
