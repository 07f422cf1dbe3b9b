package org.mxforge.codegen.launcher;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an argument record has a value: a component, or one of an entry of a list, or one of a component in one of its forms; see
 * {@link org.mxforge.dsl.launch.LaunchSignature}.
 *
 * @param text such as {@code partitions[1].channels}
 * @param holder component that holds the value's record, if that is not the argument record itself
 * @param index entry of the holder, a list
 * @param form simple name of the holder's form
 * @param component the value
 */
record ArgumentSource(
        String text, Optional<String> holder, Optional<Integer> index, Optional<String> form, String component) {
    private static final Pattern NESTED = Pattern.compile("(\\w+)(?:\\[(\\d+)\\]|:(\\w+))\\.(\\w+)");

    static ArgumentSource of(String text) {
        Matcher nested = NESTED.matcher(text);
        if (!nested.matches()) {
            return new ArgumentSource(text, Optional.empty(), Optional.empty(), Optional.empty(), text);
        }
        return new ArgumentSource(
                text,
                Optional.of(nested.group(1)),
                Optional.ofNullable(nested.group(2)).map(Integer::valueOf),
                Optional.ofNullable(nested.group(3)),
                nested.group(4));
    }

    /** What Java calls the record that has the value. */
    String holderName() {
        return holder.map(name -> name + index.map(String::valueOf).orElse("")).orElse("arguments");
    }

    /** What Java calls the value. */
    String valueName() {
        return holder.isEmpty()
                ? component
                : holderName() + Character.toUpperCase(component.charAt(0)) + component.substring(1);
    }

    /** The Java expression of the value. */
    String access() {
        return holderName() + "." + component + "()";
    }

    /** Type of the record that has the value. */
    Class<?> holderType(Class<? extends Record> arguments) {
        if (holder.isEmpty()) {
            return arguments;
        }
        RecordComponent list = component(arguments, holder.get());
        if (index.isPresent()) {
            Type entry = ((ParameterizedType) list.getGenericType()).getActualTypeArguments()[0];
            return (Class<?>) entry;
        }
        for (Class<?> nested : list.getType().getPermittedSubclasses()) {
            if (nested.getSimpleName().equals(form.orElseThrow())) {
                return nested;
            }
        }
        throw new IllegalArgumentException(list.getType().getName() + " has no form " + form.get());
    }

    /**
     * The component {@code name} of {@code record}.
     *
     * @throws IllegalArgumentException if there is none
     */
    static RecordComponent component(Class<?> record, String name) {
        for (RecordComponent component : record.getRecordComponents()) {
            if (component.getName().equals(name)) {
                return component;
            }
        }
        throw new IllegalArgumentException(record.getName() + " has no component '" + name + "'");
    }
}
