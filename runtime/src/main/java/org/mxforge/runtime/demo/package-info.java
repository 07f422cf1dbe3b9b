/** The whole way on the bundled model, as a user of {@linkplain org.mxforge.runtime the API} goes it. */
package org.mxforge.runtime.demo;
