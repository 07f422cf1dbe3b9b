/**
 * What every other package may use. {@link org.mxforge.runtime.base.Progress}, {@link org.mxforge.runtime.base.CancelledException}
 * and {@link org.mxforge.runtime.base.MxForgeException} are part of the public API, as are the
 * {@linkplain org.mxforge.runtime.base.options options}; the packages below hold tools of the house and are internal.
 */
package org.mxforge.runtime.base;
