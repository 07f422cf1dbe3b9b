package org.mxforge.dsl.format;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a static Java method that is also a CUDA device function: codegen parses its source and emits the same statements
 * as {@code __device__ __forceinline__} code, so that the oracle and the kernels share one definition.
 *
 * <p>Such a method keeps to a small common language: {@code int}, {@code float} and {@code boolean} parameters and locals,
 * arithmetic and bit operators, {@code if}, {@code return}, the conditional operator, calls of other marked methods,
 * {@code Float.floatToRawIntBits} and {@code Float.intBitsToFloat}. Anything else is refused when codegen runs. What a
 * translator cannot see is the author's duty: int arithmetic stays in range and shift counts within 0 to 31, since C++
 * leaves the rest undefined.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface DeviceFunction {}
