package org.mxforge.runtime.exec.cuda;

import java.util.Optional;
import org.mxforge.runtime.exec.spi.LinearInput;

/**
 * Plain BF16 activations.
 *
 * @param isOwner whether closing gives the matrix back
 * @param tiles the same in the tiles of wgmma, where layers read these
 */
record DenseInput(CudaMatrix matrix, boolean isOwner, Optional<Scratch> tiles) implements LinearInput {
    DenseInput(CudaMatrix matrix, boolean isOwner) {
        this(matrix, isOwner, Optional.empty());
    }

    /** The same, in tiles too. */
    DenseInput tiled(PlainTiles layer) {
        return new DenseInput(matrix, isOwner, Optional.of(layer.activations(matrix)));
    }

    /** Where layers read it. */
    long address() {
        return tiles.map(Scratch::address).orElseGet(matrix::address);
    }

    @Override
    public int rows() {
        return matrix.rows();
    }

    @Override
    public int channels() {
        return matrix.columns();
    }

    @Override
    public void close() {
        tiles.ifPresent(Scratch::close);
        if (isOwner) {
            matrix.close();
        }
    }
}
