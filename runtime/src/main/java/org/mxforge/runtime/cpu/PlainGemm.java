package org.mxforge.runtime.cpu;

import org.mxforge.dsl.spec.Epilogue;

final class PlainGemm {
    private PlainGemm() {}

    static void column(
            float[] x,
            int rows,
            int channels,
            float[] weight,
            int n,
            Epilogue epilogue,
            float[] bias,
            HostMatrix extra,
            HostMatrix out) {
        for (int m = 0; m < rows; m++) {
            float s0 = 0;
            float s1 = 0;
            float s2 = 0;
            float s3 = 0;
            for (int k = 0; k < channels; k += 4) {
                s0 += x[m * channels + k] * weight[k];
                s1 += x[m * channels + k + 1] * weight[k + 1];
                s2 += x[m * channels + k + 2] * weight[k + 2];
                s3 += x[m * channels + k + 3] * weight[k + 3];
            }
            float sum = (s0 + s1) + (s2 + s3);
            int at = m * out.columns() + n;
            out.values()[at] = switch (epilogue) {
                case NONE -> sum;
                case BIAS -> sum + bias[n];
                case RESIDUAL -> sum + extra.values()[at];
                case SILU_MUL -> Rows.silu(sum) * extra.values()[at];
            };
        }
    }
}
