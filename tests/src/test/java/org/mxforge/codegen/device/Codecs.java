package org.mxforge.codegen.device;

/** The device functions as Java sees them again; parameters as in the codec classes. */
public interface Codecs {
    float decode(int code, int exponentBits, int mantissaBits, int bias);

    int encode(float value, int exponentBits, int mantissaBits, int bias, int maxCode);

    float scale(int e8m0);

    float reciprocal(int e8m0);

    int ceil(float absmax, int maxExponent, int maxMantissa);

    int floor(float absmax, int maxExponent);

    int even(float absmax, int maxExponent, int mantissaBits);
}
