package coco.evm.tracing;

import coco.evm.FrameExit;
import coco.evm.Halt;
import coco.evm.Step;
import coco.evm.TracedState;
import coco.evm.TracedTransaction;
import coco.evm.Tracer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Every instruction as a line of JSON at once, and a last line for the whole (EIP-3155, without the root of the state).
 * Keeps nothing, so it needs no limit but that of whoever takes the lines.
 */
public final class JsonLinesTracer implements Tracer {
    private final Consumer<String> lines;
    private final boolean showsMemory;
    private boolean hasTransaction;
    private String output = "0x";
    private String error = "";

    /**
     * A tracer for one transaction or one call.
     *
     * @param lines takes each line, without its end
     * @param showsMemory whether to write the memory before each instruction
     */
    public JsonLinesTracer(Consumer<String> lines, boolean showsMemory) {
        this.lines = lines;
        this.showsMemory = showsMemory;
    }

    @Override
    public boolean wantsSteps() {
        return true;
    }

    @Override
    public void step(Step step) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("pc", step.pc());
        line.put("op", step.op());
        line.put("gas", Hex.quantity(step.gas()));
        line.put("gasCost", Hex.quantity(step.cost()));
        line.put("memSize", step.memorySize());
        line.put("stack", StructLogTracer.stack(step));
        line.put("depth", step.depth());
        line.put("returnData", Hex.data(step.returnData()));
        line.put("refund", Hex.quantity(step.state().refund()));
        line.put("opName", step.opName());
        if (step.failure() != null) {
            line.put("error", step.error());
        }
        if (showsMemory) {
            line.put("memory", Hex.data(step.memory()));
        }
        lines.accept(TraceJson.text(line));
    }

    @Override
    public void transactionStarted(TracedTransaction transaction, TracedState state) {
        hasTransaction = true;
    }

    @Override
    public void frameExited(FrameExit frame) {
        if (frame.depth() == 0) {
            output = Hex.data(frame.output());
            error = frame.error();
            if (!hasTransaction) {
                writeSummary(frame.gasUsed());
            }
        }
    }

    @Override
    public void transactionEnded(Halt halt, long gasUsed) {
        writeSummary(gasUsed);
    }

    private void writeSummary(long gasUsed) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("output", output);
        line.put("gasUsed", Hex.quantity(gasUsed));
        line.put("pass", error.isEmpty());
        if (!error.isEmpty()) {
            line.put("error", error);
        }
        lines.accept(TraceJson.text(line));
    }
}
