package org.mxforge.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A slip of the pen is understood, and not acted on. */
class SuggestionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "quantise | unknown command 'quantise' (did you mean quantize?)",
                "wisdom lst | unknown command 'lst' (did you mean list?)",
                "doctor --jsn | unknown option '--jsn' (did you mean --json?)",
                "generate --modle=x --prompt y | unknown option '--modle' (did you mean --model?)",
                "kernels list --target sm_90 | unknown target 'sm_90' (did you mean sm_90a?)",
                "kernels show sofmax | no kernel 'sofmax' (did you mean softmax?)",
                "kernels show desegemm/v1 | unknown kernel 'desegemm' (did you mean densegemm?)",
                "kernels show softmax --algorithm x | softmax",
                "quantize --model x --out y --recipe micromx | did you mean micromix?",
                "quantize --model x --out y --recipe mxfp6 | did you mean mxfp6-e3m2 or mxfp6-e2m3?",
                "quantize --model x --out y --recipe micromix;lamda=2 | 'lamda' (did you mean lambda?)",
                "quantize --model x --out y --recipe e4m3xe2m2 | 'e2m2' (did you mean e2m1, e3m2 or e2m3?)",
                "bench gemm --pairs e4m4xe2m1 | 'e4m4' (did you mean e4m3?)"
            })
    void theNearestWordIsNamed(String words, String said) {
        CommandRun run = CommandRun.of((Object[]) words.split(" "));
        assertThat(run.err()).contains(said);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.code()).isIn(1, 2);
        assertThat(run.out()).isEmpty();
    }
}
