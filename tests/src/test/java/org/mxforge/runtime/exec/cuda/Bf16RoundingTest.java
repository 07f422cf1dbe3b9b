package org.mxforge.runtime.exec.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.Float16;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.runtime.base.MxForgeException;

class Bf16RoundingTest {
    private final Logger logger = Logger.getLogger(Bf16Rounding.class.getName());
    private final List<String> warnings = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            warnings.add(new SimpleFormatter().formatMessage(entry));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final Bf16Rounding rounding = new Bf16Rounding("a GPU");

    @BeforeEach
    void listen() {
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
    }

    @AfterEach
    void stop() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
    }

    @Test
    void whatIsExactIsTakenOverWithoutAWord() {
        short[] bits = {0x3f80, (short) 0xbf81};
        assertThat(rounding.bits("layers", ScalarArray.bf16(bits))).isSameAs(bits);
        assertThat(rounding.bits("layers", ScalarArray.fp32(new float[] {1f, -0f, 1.0078125f})))
                .containsExactly(0x3f80, 0x8000, 0x3f81);
        assertThat(warnings).isEmpty();
    }

    @Test
    void aRoundingIsSaidOnceForEachType() {
        float[] fine = {1f, 1.0001f};
        assertThat(rounding.bits("embeddings", ScalarArray.fp32(fine)))
                .containsExactly(Bfloat16.fromFloat(1f), Bfloat16.fromFloat(1.0001f));
        rounding.bits("norms", ScalarArray.fp32(fine));
        assertThat(warnings).hasSize(1);
        assertThat(warnings.get(0))
                .contains("embeddings are stored in F32", "rounded to BF16 on a GPU", "--device cpu");
        short[] half = {Float16.fromFloat(1.001f)};
        rounding.bits("layers", ScalarArray.fp16(half));
        assertThat(warnings).hasSize(2);
        assertThat(warnings.get(1)).contains("layers are stored in F16");
    }

    @Test
    void whatIsTooLargeIsRefused() {
        assertThatThrownBy(() -> rounding.bits("norms", ScalarArray.fp32(new float[] {Float.MAX_VALUE})))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContainingAll("norms", "3.4028235E38", "--device cpu");
    }
}
