package org.mxforge.runtime.cli.model;

import java.util.Iterator;
import java.util.List;
import org.mxforge.runtime.task.Task;

/** The names of tasks, for help and completion. */
abstract class TaskNames implements Iterable<String> {
    private final List<Task> tasks;

    TaskNames(List<Task> tasks) {
        this.tasks = tasks;
    }

    @Override
    public Iterator<String> iterator() {
        return tasks.stream().map(Task::name).iterator();
    }
}
