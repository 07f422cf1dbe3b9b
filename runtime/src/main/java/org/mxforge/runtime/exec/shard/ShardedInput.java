package org.mxforge.runtime.exec.shard;

import java.util.List;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Matrix;

/**
 * A layer's input on each device that has a part of the layer.
 *
 * @param held what it may be made of, which stays as long
 */
record ShardedInput(List<LinearInput> parts, List<Matrix> held) implements LinearInput {
    static ShardedInput of(LinearInput input) {
        if (input instanceof ShardedInput sharded) {
            return sharded;
        }
        throw new IllegalArgumentException("devices that share a model were given an input of one");
    }

    @Override
    public int rows() {
        return parts.get(0).rows();
    }

    @Override
    public int channels() {
        return parts.get(0).channels();
    }

    @Override
    public void close() {
        parts.forEach(LinearInput::close);
        held.forEach(Matrix::close);
    }
}
