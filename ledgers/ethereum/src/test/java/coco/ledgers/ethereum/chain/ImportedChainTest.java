package coco.ledgers.ethereum.chain;

import static org.assertj.core.api.Assertions.assertThat;

import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.conformance.RecordedCases;
import coco.ledgers.ethereum.testing.PublicChain;
import coco.ledgers.ethereum.testing.Rpc;
import coco.ledgers.ethereum.testing.SchemaCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ImportedChainTest {
    @Test
    void shouldAnswerEveryRecordedCaseWhenAPublicChainIsImported() throws IOException {
        Path folder = PublicChain.folder();
        SingleNode node = PublicChain.node().mining(false).settings(Rpc.ACCEPTED);

        List<String> problems = new ArrayList<>();
        RecordedCases.Report report = RecordedCases.in(folder, System.getProperty("coco.rpc.cases", ""))
                .run(
                        request -> {
                            byte[] response = node.post(request.getBytes(StandardCharsets.UTF_8))
                                    .body();
                            JsonNode asked = Rpc.MAPPER.readTree(request);
                            problems.addAll(SchemaCheck.check(
                                    asked.get("method").asString(),
                                    asked.get("params"),
                                    Rpc.MAPPER.readTree(response)));
                            return new String(response, StandardCharsets.UTF_8);
                        },
                        RecordedCases.Schemas.NONE);

        assertThat(problems).isEmpty();
        assertThat(report.all()).isPositive();
        assertThat(report.differences()).as(report.toText()).isEmpty();
    }
}
