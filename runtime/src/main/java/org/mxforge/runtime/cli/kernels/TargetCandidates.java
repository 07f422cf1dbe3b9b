package org.mxforge.runtime.cli.kernels;

import java.util.Iterator;
import java.util.stream.Stream;
import org.mxforge.dsl.target.Target;

/** The names of targets, for shells to complete. */
final class TargetCandidates implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
        return Stream.of(Target.values()).map(Target::text).iterator();
    }
}
