package org.mxforge.codegen.cuda;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mxforge.dsl.launch.ArgumentType;
import org.mxforge.dsl.launch.KernelArgument;
import org.mxforge.dsl.launch.LaunchCondition;
import org.mxforge.dsl.launch.LaunchSignature;
import org.mxforge.dsl.space.Expression;

/** Collects a kernel's arguments in its order and, in the same breath, what must be true of them. */
public final class SignatureBuilder {
    /** What vectorised loads and asynchronous copies need of every base address, in bytes. */
    private static final int ALIGNMENT = 16;

    private final Class<? extends Record> record;
    private final List<KernelArgument> arguments = new ArrayList<>();
    private final List<LaunchCondition> conditions = new ArrayList<>();
    private final List<LaunchSignature.Definition> definitions = new ArrayList<>();
    private Expression gridX = constant(1);
    private Expression gridY = constant(1);
    private int cluster = 1;
    private Expression sharedBytes = constant(0);

    private SignatureBuilder(Class<? extends Record> record) {
        this.record = record;
    }

    /** No arguments yet; values come from a {@code record}. */
    public static SignatureBuilder of(Class<? extends Record> record) {
        return new SignatureBuilder(record);
    }

    /** A size: more than 0. */
    public SignatureBuilder size(String name, String meaning) {
        condition(variable(name).atLeast(1), name + " is {}: it must be more than 0", variable(name));
        return int32(name, meaning);
    }

    /** A size that is a multiple of {@code factor}. */
    public SignatureBuilder size(String name, int factor, String meaning) {
        size(name, meaning);
        return multiple(name, name, factor);
    }

    /** A number from 0 on. */
    public SignatureBuilder count(String name, String meaning) {
        condition(variable(name).atLeast(0), name + " is {}: it must not be negative", variable(name));
        return int32(name, meaning);
    }

    /** A real number in {@code least .. most}. */
    public SignatureBuilder real(String name, float least, float most, String meaning) {
        conditions.add(new LaunchCondition.Within(name, least, most));
        return number(name, "float", ArgumentType.FLOAT32, meaning);
    }

    /**
     * A device address that is not 0.
     *
     * @param cType such as {@code const float*}
     * @param layout what lies there
     */
    public SignatureBuilder address(String source, String cType, String meaning, String layout) {
        return address(source, cType, source, constant(1), meaning, layout);
    }

    /**
     * A device address that is looked at if {@code used}.
     *
     * @param called what messages call it
     */
    public SignatureBuilder address(
            String source, String cType, String called, Expression used, String meaning, String layout) {
        conditions.add(new LaunchCondition.Address(source, called, used));
        arguments.add(new KernelArgument(
                nameOf(source), source, cType, ArgumentType.ADDRESS, ALIGNMENT, meaning, layout, false));
        return this;
    }

    /** An integer that is checked elsewhere. */
    public SignatureBuilder int32(String source, String meaning) {
        return number(source, "int", ArgumentType.INT32, meaning);
    }

    private SignatureBuilder number(String source, String cType, ArgumentType type, String meaning) {
        arguments.add(new KernelArgument(nameOf(source), source, cType, type, 1, meaning, "", false));
        return this;
    }

    /** Says what the kernel calls the last argument, where that is not its name in the record. */
    public SignatureBuilder named(String name) {
        return last(name, last().settled());
    }

    /** Says that no kernel of a step writes what the last argument names, or not where this one reads. */
    public SignatureBuilder settled() {
        return last(last().name(), true);
    }

    private KernelArgument last() {
        return arguments.get(arguments.size() - 1);
    }

    private SignatureBuilder last(String name, boolean settled) {
        KernelArgument last = last();
        arguments.set(
                arguments.size() - 1,
                new KernelArgument(
                        name,
                        last.source(),
                        last.cType(),
                        last.type(),
                        last.alignment(),
                        last.meaning(),
                        last.layout(),
                        settled));
        return this;
    }

    /** {@code perToken} of a record is {@code per_token} of a kernel. */
    private static String nameOf(String source) {
        String last = source.substring(source.lastIndexOf('.') + 1);
        return last.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    /** Refuses a number that is negative or not a multiple of {@code factor}. */
    public SignatureBuilder multiple(String source, String called, int factor) {
        Expression value = variable(source);
        return condition(
                value.atLeast(0).and(value.modulo(factor).equalTo(0)),
                called + " is {}: it must be a multiple of " + factor,
                value);
    }

    /** Refuses a number above {@code most}. */
    public SignatureBuilder atMost(String source, Expression most) {
        return condition(
                variable(source).atMost(most), source + " is {}: it must be at most {}", variable(source), most);
    }

    /** Refuses a list of more or fewer than {@code count} entries. */
    public SignatureBuilder entries(String source, int count) {
        conditions.add(new LaunchCondition.Entries(source, count));
        return this;
    }

    /** Refuses a component that has not this form. */
    public SignatureBuilder form(String source, String form) {
        conditions.add(new LaunchCondition.HasForm(source, form));
        return this;
    }

    /** Refuses arguments for which {@code holds} is 0; each {@code {}} of the sentence stands for one of {@code values}. */
    public SignatureBuilder condition(Expression holds, String sentence, Expression... values) {
        conditions.add(new LaunchCondition.Holds(holds, sentence, List.of(values)));
        return this;
    }

    /** Names an intermediate value; the result stands for it. */
    public Expression define(String name, Expression value) {
        definitions.add(new LaunchSignature.Definition(name, value));
        return variable(name);
    }

    /** So many blocks. */
    public SignatureBuilder grid(Expression x, Expression y) {
        gridX = x;
        gridY = y;
        return this;
    }

    /** So many blocks in a row. */
    public SignatureBuilder grid(Expression x) {
        return grid(x, constant(1));
    }

    /** So many blocks in a cluster. */
    public SignatureBuilder cluster(int blocks) {
        cluster = blocks;
        return this;
    }

    /** Dynamic shared memory of a block, in bytes. */
    public SignatureBuilder shared(Expression bytes) {
        sharedBytes = bytes;
        return this;
    }

    /** The signature of blocks of {@code threads} threads; {@code work} tells in words what one does. */
    public LaunchSignature build(int threads, String work) {
        return new LaunchSignature(
                record, arguments, conditions, definitions, gridX, gridY, threads, cluster, sharedBytes, work);
    }
}
