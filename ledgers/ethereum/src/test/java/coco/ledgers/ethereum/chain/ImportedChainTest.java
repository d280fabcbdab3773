package coco.ledgers.ethereum.chain;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.rlp.RlpException;
import coco.evm.rlp.RlpReader;
import coco.evm.types.Block;
import coco.evm.types.MalformedException;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.ethereum.testing.RecordedCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ImportedChainTest {
    @Test
    void shouldReachEveryStateRootAndAnswerAsRecordedWhenAPublicChainIsImported()
            throws IOException, RlpException, MalformedException {
        Path folder = RecordedCases.folder();
        ImportedChain chain = new ImportedChain(Files.readAllBytes(folder.resolve("genesis.json")));
        RlpReader in = new RlpReader(Files.readAllBytes(folder.resolve("chain.rlp")));
        boolean first = true;
        while (in.hasNext()) {
            Block block = Block.decode(in.encodedItem());
            if (first) {
                LedgerBlock genesis = chain.blocks().getFirst();
                assertThat(BlockIndex.header(genesis).hash())
                        .as("genesis hash")
                        .isEqualTo(block.header().parentHash());
                first = false;
            }
            chain.add(block);
        }
        assertThat(chain.blocks()).hasSizeGreaterThan(40);
        RecordedCases cases = new RecordedCases(chain);
        assertThat(cases.run()).isEmpty();
        assertThat(cases.agreeing()).isGreaterThanOrEqualTo(40);
    }
}
