package org.mxforge.codegen.template;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.stringtemplate.v4.ST;
import org.stringtemplate.v4.STGroup;
import org.stringtemplate.v4.STGroupFile;
import org.stringtemplate.v4.StringRenderer;

/**
 * One group file, rendered strictly: whatever StringTemplate would pass over in silence or print to
 * the error stream (a missing template, an argument too many or too few, an unknown property) is an exception here.
 */
public final class TemplateGroup {
    private static final String ROOT = "org/mxforge/templates/";
    private static final ConcurrentHashMap<String, TemplateGroup> LOADED = new ConcurrentHashMap<>();

    private final STGroup group;

    private TemplateGroup(String path) {
        this(new STGroupFile((path.startsWith("/") ? path.substring(1) : ROOT + path) + ".stg"), path);
    }

    private TemplateGroup(STGroup group, String path) {
        this.group = group;
        group.setListener(new StrictTemplateErrors(path));
        group.registerRenderer(String.class, new StringRenderer());
        group.registerModelAdaptor(Record.class, (interpreter, self, model, property, name) -> property(model, name));
        group.load();
    }

    /**
     * The group in {@code path}: one of the templates module, such as {@code portable/mxgemm}, or, with a slash before it, anyone's on the
     * class path, such as {@code /com/example/scale}.
     *
     * @throws IllegalArgumentException if there is no such group file
     * @throws IllegalStateException if it is not well-formed
     */
    public static TemplateGroup of(String path) {
        return LOADED.computeIfAbsent(path, TemplateGroup::new);
    }

    /**
     * The group in {@code name}, a file among the resources beside {@code owner}.
     *
     * @throws IllegalStateException if it is not well-formed
     */
    public static TemplateGroup beside(Class<?> owner, String name) {
        return new TemplateGroup(new STGroupFile(owner.getResource(name)), name);
    }

    /**
     * The text of {@code model}.
     *
     * @throws IllegalStateException naming the template or argument that is missing or too many
     */
    public synchronized String render(OutputModel model) {
        String type = model.getClass().getSimpleName();
        String name = Character.toLowerCase(type.charAt(0)) + type.substring(1);
        ST template = group.getInstanceOf(name);
        if (template == null) {
            throw new IllegalStateException("no template '" + name + "' in " + group.getName() + ".stg for " + type);
        }
        RecordComponent[] components = model.getClass().getRecordComponents();
        Set<String> given =
                Arrays.stream(components).map(RecordComponent::getName).collect(Collectors.toSet());
        Set<String> wanted = template.impl.formalArguments == null ? Set.of() : template.impl.formalArguments.keySet();
        if (!given.equals(wanted)) {
            throw new IllegalStateException(
                    "template '" + name + "' takes " + wanted + ", but " + type + " has " + given);
        }
        for (RecordComponent component : components) {
            template.add(component.getName(), argument(read(model, component)));
        }
        return template.render();
    }

    private Object argument(Object value) {
        if (value instanceof OutputModel model) {
            return render(model);
        }
        return value instanceof List<?> list ? list.stream().map(this::argument).toList() : value;
    }

    private static Object property(Object model, Object name) {
        for (RecordComponent component : model.getClass().getRecordComponents()) {
            if (component.getName().equals(name)) {
                return read(model, component);
            }
        }
        throw new IllegalStateException(model.getClass().getSimpleName() + " has no component '" + name + "'");
    }

    private static Object read(Object model, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            Object value = component.getAccessor().invoke(model);
            if (value == null) {
                throw new IllegalStateException("component '" + component.getName() + "' of "
                        + model.getClass().getSimpleName() + " is null");
            }
            return value;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read component '" + component.getName() + "'", e);
        }
    }
}
