/** The cost model: what must hold of estimates on any GPU. */
package org.mxforge.runtime.tune.cost;
