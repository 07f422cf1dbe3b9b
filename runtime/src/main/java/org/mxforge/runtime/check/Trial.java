package org.mxforge.runtime.check;

import java.util.List;
import java.util.Set;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.runtime.base.MxForgeException;

/** What the kernels of one spec are checked on. */
interface Trial {
    List<Extent> extents();

    /** The classes of data that say something. */
    Set<Data> data();

    /** Whether results on such data are compared bit for bit. */
    boolean isExact(KernelSpec spec, Data data);

    /** Brings operands to a device. */
    Launched launch(CheckCase of, Operands operands);

    /** Runs the kernel on the host. */
    default List<? extends Verdict.Judge> run(CheckCase of, Host host) {
        throw new MxForgeException(
                "The CPU has no emitted kernel of '" + of.variant().spec().text() + "'.");
    }

    /**
     * A launch that can be made.
     *
     * @param arguments the record of the stem
     * @param wanted what it must leave
     */
    record Launched(Record arguments, List<? extends Verdict.Judge> wanted) {
        Launched(Record arguments, Wanted... wanted) {
            this(arguments, List.of(wanted));
        }
    }
}
