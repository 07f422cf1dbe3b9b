/**
 * Where the parts come together for people who run models: a device with its tuner and wisdom is an
 * {@link org.mxforge.runtime.engine.Engine}.
 */
package org.mxforge.runtime.engine;
