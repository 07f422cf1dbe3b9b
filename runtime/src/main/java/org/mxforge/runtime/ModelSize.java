package org.mxforge.runtime;

import org.mxforge.runtime.convert.CheckpointSize;

/**
 * What the tensors of a model take.
 *
 * @param bytes of all of them
 * @param bitsPerWeight of the linear layers that recipes quantize: bits for one weight, its share of scales and orders included
 */
public record ModelSize(long bytes, double bitsPerWeight) {
    static ModelSize of(CheckpointSize size) {
        return new ModelSize(size.bytes(), size.bitsPerWeight());
    }
}
