/**
 * Tensors on disk: the safetensors format, one file or many with an index. Checkpoints come from strangers, so every rule
 * of the format is checked before anything is allocated; data is mapped in windows and copied out tensor by tensor.
 */
package org.mxforge.runtime.checkpoint.safetensors;
