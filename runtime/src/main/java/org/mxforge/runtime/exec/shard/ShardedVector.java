package org.mxforge.runtime.exec.shard;

import java.util.List;
import org.mxforge.runtime.exec.spi.Backend.HeadNorms;
import org.mxforge.runtime.exec.spi.LinearInput.Step;
import org.mxforge.runtime.exec.spi.Vector;

/** A vector on each device, whole. */
record ShardedVector(List<Vector> parts) implements Vector {
    /** What {@code vector} is on a device. */
    static Vector on(int device, Vector vector) {
        return ((ShardedVector) vector).parts.get(device);
    }

    /** What {@code step} is on a device. */
    static Step on(int device, Step step) {
        return step instanceof Step.RmsNorm norm
                ? new Step.RmsNorm(
                        on(device, norm.weight()), norm.centre().map(centre -> on(device, centre)), norm.epsilon())
                : step;
    }

    /** What {@code norms} are on a device. */
    static HeadNorms on(int device, HeadNorms norms) {
        return new HeadNorms(on(device, norms.queries()), on(device, norms.keys()), norms.epsilon());
    }

    @Override
    public int length() {
        return parts.get(0).length();
    }
}
