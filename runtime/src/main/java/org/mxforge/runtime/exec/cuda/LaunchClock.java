package org.mxforge.runtime.exec.cuda;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.base.Trace;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaEvent;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.launch.ReadyKernel;

/**
 * Takes the time of launches on a stream by a mark before and behind each. A kernel's time includes what the GPU needs to begin it, about
 * a microsecond; where the host asks more slowly than the GPU works, it includes what the host needs too, which a graph avoids.
 */
final class LaunchClock implements AutoCloseable {
    private final CudaContext context;
    private final CudaStream stream;
    private final boolean recording;
    private final List<Launch> launches = new ArrayList<>();

    private record Launch(
            KernelVariant variant,
            Object arguments,
            String place,
            CudaEvent begin,
            CudaEvent end,
            long asked,
            long returned) {}

    /** @param recording whether launches are recorded into a graph, not done */
    LaunchClock(CudaContext context, CudaStream stream, boolean recording) {
        this.context = context;
        this.stream = stream;
        this.recording = recording;
    }

    /** Launches {@code kernel} between two marks. */
    <A> void launch(ReadyKernel<A> kernel, A arguments, String place) {
        CudaEvent begin = context.event();
        CudaEvent end = context.event();
        long asked = System.nanoTime();
        mark(begin);
        kernel.launch(stream, arguments);
        mark(end);
        launches.add(new Launch(kernel.variant(), arguments, place, begin, end, asked, System.nanoTime()));
    }

    private void mark(CudaEvent event) {
        if (recording) {
            event.recordInGraph(stream);
        } else {
            event.record(stream);
        }
    }

    /** When the launches ran, the last time that they did; waits for them. */
    Trace trace() {
        stream.synchronize();
        return new Trace(launches.stream().map(this::kernel).toList(), recording ? List.of() : spans());
    }

    private Trace.Kernel kernel(Launch launch) {
        KernelVariant variant = launch.variant();
        return new Trace.Kernel(
                KernelKinds.of(variant.spec()).role(),
                variant.spec().stem(),
                variant.text(),
                sizes(launch.arguments()),
                launch.place(),
                1e3 * launch.begin().millisSince(launches.get(0).begin()),
                1e3 * launch.end().millisSince(launch.begin()));
    }

    /** What the host spent on the launches of each place. */
    private List<Trace.Span> spans() {
        List<Trace.Span> spans = new ArrayList<>();
        for (int from = 0, to; from < launches.size(); from = to) {
            Launch first = launches.get(from);
            to = from + 1;
            while (to < launches.size() && launches.get(to).place().equals(first.place())) {
                to++;
            }
            double start = (first.asked() - launches.get(0).asked()) / 1e3;
            spans.add(new Trace.Span(first.place(), start, (launches.get(to - 1).returned() - first.asked()) / 1e3));
        }
        return spans;
    }

    /** The sizes among a kernel's arguments; those of several partitions joined by a plus. */
    private static String sizes(Object arguments) {
        StringJoiner text = new StringJoiner(" ");
        for (RecordComponent component : arguments.getClass().getRecordComponents()) {
            Object value = value(component, arguments);
            if (value instanceof Integer size) {
                text.add(component.getName() + "=" + size);
            } else if (value instanceof List<?> parts) {
                text.add(parts.stream().map(LaunchClock::sizes).collect(Collectors.joining("+")));
            }
        }
        return text.toString();
    }

    private static Object value(RecordComponent component, Object arguments) {
        try {
            return component.getAccessor().invoke(arguments);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the arguments of a kernel cannot be read", e);
        }
    }

    @Override
    public void close() {
        launches.forEach(launch -> {
            launch.begin().close();
            launch.end().close();
        });
    }
}
