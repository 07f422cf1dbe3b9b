/**
 * What was expensive to make is kept on disk: compiled kernels, class files, unpacked libraries. An entry appears whole or not
 * at all, is never trusted without its digest, and no failure of the disk is worse than doing the work again.
 */
package org.mxforge.runtime.base.cache;
