/**
 * Files of {@code torch.save}: zip archives of a pickle and the storages of its tensors. A pickle is a program; what is here follows the few
 * of its instructions that build dictionaries of texts, whole numbers and tensors of these, and refuses all others. Nothing is looked up by a
 * name in the file, nothing runs, and every place and size is checked before it is used.
 */
package org.mxforge.runtime.checkpoint.torch;
