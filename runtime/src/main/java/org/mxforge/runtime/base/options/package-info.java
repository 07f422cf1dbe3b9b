/** API: choices that users make through {@link org.mxforge.runtime} and that packages below carry out. */
package org.mxforge.runtime.base.options;
