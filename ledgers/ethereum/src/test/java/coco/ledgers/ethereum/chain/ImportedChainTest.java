package coco.ledgers.ethereum.chain;

import static org.assertj.core.api.Assertions.assertThat;

import coco.ledgers.api.RpcSettings;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.conformance.RecordedCases;
import coco.ledgers.ethereum.testing.PublicChain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ImportedChainTest {
    @Test
    void shouldAnswerEveryRecordedCaseWhenAPublicChainIsImported() throws IOException {
        Path folder = PublicChain.folder();
        SingleNode node = PublicChain.node().mining(false).settings(accepted());

        RecordedCases.Report report = RecordedCases.in(folder, System.getProperty("coco.rpc.cases", ""))
                .run(
                        request -> new String(
                                node.post(request.getBytes(StandardCharsets.UTF_8))
                                        .body(),
                                StandardCharsets.UTF_8),
                        RecordedCases.Schemas.NONE);

        assertThat(report.all()).isPositive();
        assertThat(report.differences()).as(report.toText()).isEmpty();
    }

    /** Nobody mines here, so nothing that is sent will be committed. */
    private static RpcSettings accepted() {
        RpcSettings defaults = RpcSettings.DEFAULTS;
        return new RpcSettings(
                RpcSettings.SendReply.ACCEPTED,
                defaults.replyTimeoutMillis(),
                defaults.maxBatch(),
                defaults.maxNesting(),
                defaults.maxScannedBlocks(),
                defaults.maxResults(),
                defaults.callGasLimit(),
                defaults.callTimeoutMillis(),
                defaults.exchangeTimeoutMillis(),
                defaults.maxReplyBytes());
    }
}
