package org.mxforge.runtime.simulate;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mxforge.runtime.cuda.driver.KernelArguments;

/**
 * A kernel, in PTX, that runs one instruction in every thread on operands that it loads, and stores what comes of it.
 *
 * <p>Instructions are templates: {@code ?} and a width is an operand to load, {@code =} and a width one to store; widths are {@code p} (a
 * predicate), {@code h}, {@code r} and {@code d} (16, 32 and 64 bits). Each thread has 32 bytes in memory, and those that read memory read
 * another thread's.
 *
 * @param form the instruction
 * @param ptx the module; its kernel takes {@link #arguments}
 * @param blocks how many blocks of {@link #THREADS} threads run it
 * @param reads what it reads
 * @param writes bytes that it writes
 */
record FormKernel(InstructionForm form, String ptx, int blocks, byte[] reads, int writes) {
    static final String ENTRY = "form";
    static final int THREADS = 128;
    /** What each thread has in memory, in words of 64 bits. */
    static final int OWN_WORDS = 4;

    /** The number of the register that the first result comes from. */
    static final int FIRST_RESULT = 50;

    private static final long NUMBER = 0x400921fb3fc90fdbL;

    private static final Pattern OPERAND = Pattern.compile("([?=])([phrd])");
    private static final String HEAD =
            """
            .version 8.8
            .target %s
            .address_size 64
            %s
            .visible .entry form(.param .u64 reads, .param .u64 writes, .param .u64 number)%s
            {
            .reg .pred %%p<99>;
            .reg .b16 %%h<99>;
            .reg .b32 %%r<99>;
            .reg .b64 %%d<99>;
            .reg .b32 %%thread, %%other, %%own, %%size, %%rank, %%bar;
            .reg .b64 %%in, %%out, %%wide, %%place, %%word, %%w0, %%w1;
            .reg .pred %%first, %%done;
            .shared .align 1024 .b8 kept[4096];
            .shared .align 8 .b8 barrier[8];
            mov.u32 %%thread, %%tid.x;
            mov.u32 %%other, %%ctaid.x;
            mad.lo.s32 %%other, %%other, 128, %%thread;
            ld.param.u64 %%in, [reads];
            mul.wide.u32 %%wide, %%other, %d;
            add.s64 %%in, %%in, %%wide;
            ld.param.u64 %%out, [writes];
            mul.wide.u32 %%wide, %%other, %d;
            add.s64 %%out, %%out, %%wide;
            mov.u32 %%own, kept;
            mad.lo.s32 %%own, %%thread, 32, %%own;
            mad.lo.s32 %%other, %%thread, 5, 3;
            and.b32 %%other, %%other, 127;
            """;
    /** The thread's 32 bytes are brought into shared memory. */
    private static final String KEEP =
            """
            ld.global.v2.b64 {%w0, %w1}, [%in];
            st.shared.v2.b64 [%own], {%w0, %w1};
            ld.global.v2.b64 {%w0, %w1}, [%in+16];
            st.shared.v2.b64 [%own+16], {%w0, %w1};
            bar.sync 0;
            """;
    /** And out of it. */
    private static final String SHOW =
            """
            bar.sync 0;
            ld.shared.v2.b64 {%w0, %w1}, [%own];
            st.global.v2.b64 [%out], {%w0, %w1};
            ld.shared.v2.b64 {%w0, %w1}, [%own+16];
            st.global.v2.b64 [%out+16], {%w0, %w1};
            """;

    private static final String LOCAL =
            ".local .align 8 .b8 mine[8];\nmov.u64 %place, mine;\ncvta.to.local.u64 %place, %place;\n";
    private static final String SHARED_PLACE = KEEP + "mov.u32 %r90, kept;\nmad.lo.s32 %r90, %other, 32, %r90;\n";
    private static final String CLUSTER_BARRIER =
            "barrier.cluster.arrive.release.aligned;\nbarrier.cluster.wait.acquire.aligned;\n";
    private static final String OTHER_BLOCK = SHARED_PLACE + CLUSTER_BARRIER
            + "mov.u32 %rank, %cluster_ctarank;\nxor.b32 %rank, %rank, 1;\n"
            + "mapa.shared::cluster.u32 %r91, %r90, %rank;\n";

    /** A barrier for all threads of a block. */
    private static final String BARRIER =
            """
            mov.u32 %bar, barrier;
            setp.eq.s32 %first, %thread, 0;
            mov.u32 %size, 128;
            @%first mbarrier.init.shared::cta.b64 [%bar], %size;
            @%first fence.mbarrier_init.release.cluster;
            bar.sync 0;
            """;
    /** Until they and all bytes have come. */
    private static final String WAIT =
            """
            mov.u32 %r94, 0;
            WAIT:
            mbarrier.try_wait.parity.shared::cta.b64 %done, [%bar], %r94;
            @!%done bra WAIT;
            """;

    /** The kernel of {@code form}; empty if it gives nothing by itself but an order of others. */
    static Optional<FormKernel> of(InstructionForm form) {
        return form.givesOrderOnly()
                ? Optional.empty()
                : Optional.of(form.name().equals("wgmma") ? WgmmaFormKernel.of(form) : around(form));
    }

    /** What its kernel is launched with: the addresses, and a number. */
    static KernelArguments arguments(long reads, long writes) {
        return KernelArguments.of().pointer(reads).pointer(writes).pointer(NUMBER);
    }

    /** Bytes from thread to thread, which have some words each beside their own: a multiple of 16. */
    static int stride(int words) {
        return Long.BYTES * (OWN_WORDS + words + words % 2);
    }

    /** What the thread loaded that wrote byte {@code at}, in words; for a {@code wgmma}, where to look for it. */
    String operands(int at) {
        if (form.name().equals("wgmma")) {
            return "block " + at / (writes / blocks);
        }
        int thread = at / (writes / (blocks * THREADS));
        int stride = reads.length / (blocks * THREADS);
        ByteBuffer words = ByteBuffer.wrap(reads, thread * stride, stride).order(ByteOrder.LITTLE_ENDIAN);
        words.position(words.position() + OWN_WORDS * Long.BYTES);
        StringBuilder text = new StringBuilder("thread " + thread);
        while (words.hasRemaining()) {
            text.append(' ').append(Long.toHexString(words.getLong()));
        }
        return text.toString();
    }

    private static FormKernel around(InstructionForm form) {
        String op = form.opcode();
        if (op.startsWith("ld.param")) {
            return new Builder(form).build("", op + " =" + form.width() + ", [number];", "");
        }
        if (op.startsWith("ld.const")) {
            String table = ".const .align 16 .b8 table[4096] = {"
                    + Stream.iterate(7, i -> i * 61 + 17 & 255)
                            .limit(4096)
                            .map(String::valueOf)
                            .collect(Collectors.joining(","))
                    + "};";
            String place = "mov.u64 %place, table;\nmul.wide.u32 %wide, %other, 32;\nadd.s64 %place, %place, %wide;\n";
            return new Builder(form).variables(table).build(place, op + " " + vector(form, "=") + ", [%place];", "");
        }
        if (op.startsWith("ld.global")) {
            return new Builder(form)
                    .build("add.s64 %place, %in, 16;\n", op + " " + vector(form, "=") + ", [%place+-16];", "");
        }
        if (op.startsWith("ld.shared::cluster") || op.startsWith("mapa") || op.startsWith("barrier.cluster")) {
            String load = op.startsWith("ld") ? op + " =" + form.width() : "ld.shared::cluster.b32 =r";
            return new Builder(form).pairs().build(OTHER_BLOCK, load + ", [%r91];", CLUSTER_BARRIER);
        }
        if (op.startsWith("ld.shared") || op.startsWith("ldmatrix")) {
            return new Builder(form).build(SHARED_PLACE, op + " " + vector(form, "=") + ", [%r90];", "");
        }
        if (op.contains(".local")) {
            return new Builder(form).build(LOCAL, "st.local.u32 [%place+4], ?r;\nld.local.u32 =r, [%place+4];", "");
        }
        if (op.startsWith("st.global")) {
            return new Builder(form).build("", op + " [%out], " + vector(form, "?") + ";", "");
        }
        if (op.startsWith("st.async")) {
            return sent(form);
        }
        if (op.startsWith("st.shared") || op.startsWith("stmatrix")) {
            return new Builder(form).build(SHARED_PLACE, op + " [%r90], " + vector(form, "?") + ";", SHOW);
        }
        if (op.startsWith("atom.global")) {
            String place = "ld.global.b64 %w0, [%in];\nst.global.b64 [%out], %w0;\n";
            return new Builder(form).build(place, op + " =" + form.width() + ", [%out], ?" + form.width() + ";", "");
        }
        if (op.startsWith("atom.shared")) {
            return new Builder(form)
                    .build(SHARED_PLACE, op + " =" + form.width() + ", [%r90], ?" + form.width() + ";", SHOW);
        }
        if (op.startsWith("red.")) {
            return new Builder(form).pairs().build(OTHER_BLOCK, op + " [%r91], ?r;", CLUSTER_BARRIER + SHOW);
        }
        if (op.startsWith("cp.async.bulk") || op.startsWith("mbarrier")) {
            return bulk(form);
        }
        if (op.startsWith("cp.async")) {
            return copy(form);
        }
        return new Builder(form).build(form.products(), op + " " + form.template() + ";", "");
    }

    private static String vector(InstructionForm form, String mark) {
        int count = form.elements();
        String element = mark + form.width();
        return count == 1 ? element : "{" + String.join(", ", Collections.nCopies(count, element)) + "}";
    }

    private static FormKernel copy(InstructionForm form) {
        boolean plain = form.name().equals("cp") && form.opcode().contains("group");
        String op = plain ? "cp.async.ca.shared.global" : form.opcode();
        int bytes = plain ? 16 : form.copied();
        String some = form.note().contains("of") ? ", %size" : "";
        return new Builder(form)
                .build(
                        KEEP + "mov.b32 %size, ?r;\nrem.u32 %size, %size, " + (bytes + 1) + ";\n",
                        op + " [%own+16], [%in], " + bytes + some + ";",
                        "cp.async.commit_group;\ncp.async.wait_group 0;\n" + SHOW);
    }

    private static FormKernel bulk(InstructionForm form) {
        String copy =
                """
                mov.u32 %r90, 4096;
                @!%first mbarrier.arrive.shared::cta.b64 _, [%bar];
                @%first mbarrier.arrive.expect_tx.shared::cta.b64 _, [%bar], %r90;
                mov.u32 %r91, kept;
                @%first cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%r91], [%in], %r90, [%bar];
                """;
        return new Builder(form).build(BARRIER, copy + WAIT, SHOW);
    }

    /** What the other block of a cluster stores and reports. */
    private static FormKernel sent(InstructionForm form) {
        String expected =
                """
                mapa.shared::cluster.u32 %r92, %bar, %rank;
                mov.u32 %r93, BYTES;
                mbarrier.arrive.expect_tx.shared::cta.b64 _, [%bar], %r93;
                """
                        .replace("BYTES", String.valueOf(form.elements() * Integer.BYTES));
        return new Builder(form)
                .pairs()
                .build(
                        BARRIER + OTHER_BLOCK + expected,
                        form.opcode() + " [%r91], " + vector(form, "?") + ", [%r92];",
                        WAIT + CLUSTER_BARRIER + SHOW);
    }

    /** Puts a module together. */
    private static final class Builder {
        private final InstructionForm form;
        private String variables = "";
        private String tuning = "";
        private final List<String> widths = new ArrayList<>();
        private final StringBuilder loads = new StringBuilder();
        private final StringBuilder stores = new StringBuilder();
        private int results;

        Builder(InstructionForm form) {
            this.form = form;
        }

        Builder variables(String text) {
            variables = text;
            return this;
        }

        /** Two blocks of a cluster that read each other's memory. */
        Builder pairs() {
            tuning = "\n.explicitcluster\n.reqnctapercluster 2, 1, 1";
            return this;
        }

        FormKernel build(String before, String instruction, String after) {
            String setup = replaced(before);
            String middle = replaced(instruction);
            int written = stride(results);
            String head = HEAD.formatted(form.target(), variables, tuning, stride(widths.size()), written);
            String text = head + loads + setup + middle + "\n" + after + stores + "ret;\n}\n";
            FormOperands operands = new FormOperands(form.operandTypes(widths));
            return new FormKernel(
                    form, text, operands.blocks(), operands.bytes(), operands.blocks() * THREADS * written);
        }

        private String replaced(String text) {
            Matcher matcher = OPERAND.matcher(text);
            StringBuilder replaced = new StringBuilder();
            while (matcher.find()) {
                boolean input = matcher.group(1).equals("?");
                String register = input ? input(matcher.group(2)) : result(matcher.group(2));
                matcher.appendReplacement(replaced, Matcher.quoteReplacement(register));
            }
            return matcher.appendTail(replaced).toString();
        }

        private String input(String width) {
            String register = "%" + width + widths.size();
            String from = "ld.global.b64 %word, [%in+" + Long.BYTES * (OWN_WORDS + widths.size()) + "];\n";
            loads.append(from)
                    .append(
                            switch (width) {
                                case "p" -> "and.b64 %word, %word, 1;\nsetp.ne.s64 " + register + ", %word, 0;\n";
                                case "h" -> "cvt.u16.u64 " + register + ", %word;\n";
                                case "r" -> "cvt.u32.u64 " + register + ", %word;\n";
                                default -> "mov.b64 " + register + ", %word;\n";
                            });
            widths.add(width);
            return register;
        }

        private String result(String width) {
            String register = "%" + width + (FIRST_RESULT + results);
            stores.append(
                            switch (width) {
                                case "p" -> "selp.b64 %word, 1, 0, " + register + ";\n";
                                case "h" -> "cvt.u64.u16 %word, " + register + ";\n";
                                case "r" -> "cvt.u64.u32 %word, " + register + ";\n";
                                default -> "mov.b64 %word, " + register + ";\n";
                            })
                    .append("st.global.b64 [%out+" + Long.BYTES * (OWN_WORDS + results) + "], %word;\n");
            results++;
            return register;
        }
    }
}
