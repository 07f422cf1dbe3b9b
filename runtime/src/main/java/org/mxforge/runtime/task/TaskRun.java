package org.mxforge.runtime.task;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.mxforge.runtime.Model;
import org.mxforge.runtime.base.Progress;

/** A task's items, ready for a model. */
interface TaskRun {
    /** Examples in a prompt. */
    int shots();

    /** The items' names, in order: the first {@code limit} of each group. */
    List<String> ids(int limit);

    /**
     * Lets {@code model} answer some items.
     *
     * @param wanted their names
     * @param progress told how that goes on
     * @param outcomes told what came of each as soon as that is known, in no order
     */
    void run(Model model, Set<String> wanted, Progress progress, Consumer<Outcome> outcomes);
}
