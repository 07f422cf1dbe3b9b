package org.mxforge.runtime.tune.worker;

/** The words of the protocol: what a request may ask for, and the fields of requests and answers. */
final class Words {
    static final String DO = "do";

    static final String OPEN = "open";
    static final String PREPARE = "prepare";
    static final String FAULT = "fault";
    static final String RUN = "run";
    static final String WINDOW = "window";
    static final String CLOSE = "close";
    static final String END = "end";

    static final String SPEC = "spec";
    static final String SHAPE = "shape";
    static final String CANDIDATES = "candidates";
    static final String VARIANT = "variant";
    static final String LAYOUT = "layout";
    static final String WARM_UP = "warm_up_ns";
    static final String LENGTH = "length_ns";
    static final String SAMPLES = "samples";

    static final String MILLIS = "ms";
    static final String CLOCK = "clock_mhz";
    /** Why a configuration refuses the shape or the device. */
    static final String REFUSED = "refused";
    /** What went wrong. */
    static final String FAILED = "failed";
    /** Whether the worker cannot go on after that. */
    static final String LOST = "lost";

    private Words() {}
}
