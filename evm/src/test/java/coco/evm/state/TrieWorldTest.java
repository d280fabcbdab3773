package coco.evm.state;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.trie.MerklePatricia;
import coco.evm.types.Address;
import coco.evm.types.Word;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrieWorldTest {
    private static final byte[] NO_CODE =
            HexFormat.of().parseHex("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");

    @Test
    void shouldHaveTheRootOfAFreshWorldAfterAnyChangesAndTheOldOneWhenTheyAreTakenBack() {
        Random random = new Random(0x7718);
        TrieWorld world = TrieWorld.of(new InMemoryWorld());
        assertThat(world.stateRoot()).isEqualTo(MerklePatricia.emptyRoot());
        for (int round = 0; round < 200; round++) {
            byte[] before = world.stateRoot();
            change(world, random);
            byte[] after = world.stateRoot();
            assertThat(after).as("round %d", round).isEqualTo(rootOfCopy(world));
            if (random.nextBoolean()) {
                world.keep();
            } else {
                world.rollBack();
                assertThat(world.stateRoot()).as("round %d", round).isEqualTo(before);
            }
        }
    }

    @Test
    void shouldKnowNoRootWithoutTries() {
        TrieWorld world = TrieWorld.bare(new InMemoryWorld());
        change(world, new Random(1));
        assertThat(world.stateRoot()).isNull();
    }

    private static void change(TrieWorld world, Random random) {
        for (int i = random.nextInt(12); i >= 0; i--) {
            Address address = Address.of(random.nextInt(12));
            WorldAccount account = world.account(address);
            int choice = random.nextInt(6);
            if (account == null || choice == 0) {
                world.accountChanged(address, random.nextInt(9), Word.of(random.nextLong()), NO_CODE, null);
            } else if (choice == 1) {
                world.accountDestroyed(address);
            } else {
                Word value = random.nextInt(3) == 0 ? Word.ZERO : Word.of(random.nextLong());
                world.slotChanged(address, Word.of(random.nextInt(6)), value);
            }
        }
    }

    private static byte[] rootOfCopy(TrieWorld world) {
        InMemoryWorld copy = new InMemoryWorld();
        world.accounts().accounts().forEach((address, account) -> {
            copy.accountChanged(address, account.nonce(), account.balance(), account.codeHash(), null);
            world.accounts().storage(address).forEach((key, value) -> copy.slotChanged(address, key, value));
        });
        byte[] root = TrieWorld.of(copy).stateRoot();
        return root == null ? new byte[0] : root;
    }
}
