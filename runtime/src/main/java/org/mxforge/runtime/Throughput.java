package org.mxforge.runtime;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.mxforge.runtime.base.Trace;
import org.mxforge.runtime.base.options.Workload;
import org.mxforge.runtime.model.Generator;

/**
 * How fast a model did a workload.
 *
 * @param workload what was timed
 * @param prefill reading all prompts together
 * @param step one decoding step of all sequences, on average of a run's
 * @param memory the most device memory that this program had taken when a part of it was done, in bytes, where that is known
 * @param prefillTrace when the kernels of one prefill ran, in a run after those that were timed
 * @param stepTrace the same of one step
 */
public record Throughput(
        Workload workload, Samples prefill, Samples step, OptionalLong memory, Trace prefillTrace, Trace stepTrace) {
    static Throughput of(Workload workload, Generator.Timed timed) {
        return new Throughput(
                workload,
                new Samples(timed.passes().stream()
                        .map(pass -> pass.prefillNanos() / 1e6)
                        .toList()),
                new Samples(timed.passes().stream()
                        .map(pass -> pass.decodeNanos() / 1e6 / workload.decode())
                        .toList()),
                timed.memory(),
                timed.prefill(),
                timed.step());
    }

    /** Tokens of prompts that are read in a second. */
    public double prefillTokensPerSecond() {
        return (double) workload.batch() * workload.prefill() / prefill.mean() * 1e3;
    }

    /** Tokens that are written in a second, in all sequences together. */
    public double decodeTokensPerSecond() {
        return workload.batch() / step.mean() * 1e3;
    }

    /**
     * Times of equal work.
     *
     * @param millis milliseconds, one a run
     */
    public record Samples(List<Double> millis) {
        /** 97.5 % quantiles of Student's t distribution, of 1 degree of freedom and so on. */
        private static final double[] STUDENT = {
            12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
            2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042
        };

        public Samples {
            millis = List.copyOf(millis);
            if (millis.isEmpty()) {
                throw new IllegalArgumentException("there is no sample: time a run at least");
            }
        }

        /** In milliseconds. */
        public double mean() {
            return millis.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        }

        /**
         * Half the width of the interval around the mean that the true mean lies in with 95 % confidence, in milliseconds, for times
         * that scatter normally; empty for a single sample.
         */
        public OptionalDouble interval() {
            int freedom = millis.size() - 1;
            if (freedom == 0) {
                return OptionalDouble.empty();
            }
            double mean = mean();
            double squares = millis.stream()
                    .mapToDouble(time -> (time - mean) * (time - mean))
                    .sum();
            // Beyond the table its last value is a little too cautious.
            double student = STUDENT[Math.min(freedom, STUDENT.length) - 1];
            return OptionalDouble.of(student * Math.sqrt(squares / freedom / millis.size()));
        }
    }
}
