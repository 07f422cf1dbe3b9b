// Appended to the translated codecs: each kernel applies one of them to every element of an array.

extern "C" __global__ void decode_probe(int n, int exponentBits, int mantissaBits, int bias, const int* code, float* value) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) {
        value[i] = element_decode(code[i], exponentBits, mantissaBits, bias);
    }
}

extern "C" __global__ void encode_probe(
    int n, int exponentBits, int mantissaBits, int bias, int maxCode, const float* value, int* code) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) {
        code[i] = element_encode(value[i], exponentBits, mantissaBits, bias, maxCode);
    }
}

extern "C" __global__ void scale_probe(int n, const int* e8m0, float* value, float* reciprocal) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) {
        value[i] = scale_decode(e8m0[i]);
        reciprocal[i] = scale_reciprocal(e8m0[i]);
    }
}

extern "C" __global__ void rule_probe(
    int n, int maxExponent, int maxMantissa, int mantissaBits, const float* absmax, int* ceil, int* floor, int* even) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) {
        ceil[i] = scale_ceil(absmax[i], maxExponent, maxMantissa);
        floor[i] = scale_floor(absmax[i], maxExponent);
        even[i] = scale_even(absmax[i], maxExponent, mantissaBits);
    }
}
