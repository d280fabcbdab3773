package coco.evm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import org.junit.jupiter.api.Test;

class InterpreterSizeTest {
    /** HotSpot's HugeMethodLimit: a method of more bytes is interpreted for ever. */
    private static final int HUGE_METHOD_LIMIT = 8000;
    /** HotSpot's FreqInlineSize: a hot method of more bytes is called, not inlined. */
    private static final int INLINE_LIMIT = 325;

    @Test
    void shouldKeepTheLoopSmallEnoughForTheCompiler() throws IOException {
        assertThat(codeLength("Interpreter", "run")).isPositive().isLessThan(HUGE_METHOD_LIMIT);
    }

    @Test
    void shouldKeepHotHelpersSmallEnoughToBeInlined() throws IOException {
        for (String helper : new String[] {"add", "sub", "mul", "eq", "compare", "shl", "shiftRight", "push", "swap"}) {
            assertThat(codeLength("Words", helper)).as(helper).isPositive().isLessThan(INLINE_LIMIT);
        }
        assertThat(codeLength("Frame", "reserve")).isPositive().isLessThan(INLINE_LIMIT);
    }

    private static int codeLength(String className, String method) throws IOException {
        try (InputStream in = Interpreter.class.getResourceAsStream(className + ".class")) {
            if (in == null) {
                throw new IOException("no class file of " + className);
            }
            ClassModel model = ClassFile.of().parse(in.readAllBytes());
            for (MethodModel candidate : model.methods()) {
                if (candidate.methodName().equalsString(method)
                        && candidate.code().isPresent()
                        && candidate.code().get() instanceof CodeAttribute code) {
                    return code.codeLength();
                }
            }
            return -1;
        }
    }
}
