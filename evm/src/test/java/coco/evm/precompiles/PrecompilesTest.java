package coco.evm.precompiles;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import org.junit.jupiter.api.Test;

class PrecompilesTest {
    private static long last(Fork fork) {
        return switch (fork) {
            case FRONTIER, HOMESTEAD, TANGERINE_WHISTLE, SPURIOUS_DRAGON -> 0x04;
            case BYZANTIUM, CONSTANTINOPLE, PETERSBURG -> 0x08;
            case ISTANBUL, BERLIN, LONDON, PARIS, SHANGHAI -> 0x09;
            case CANCUN -> 0x0A;
            case PRAGUE, OSAKA -> 0x11;
        };
    }

    @Test
    void shouldHaveTheContractsOfEachFork() {
        for (Fork fork : Fork.values()) {
            Precompiles table = Precompiles.of(fork);
            for (long low = 0; low < 0x300; low++) {
                boolean there = (low > 0 && low <= last(fork)) || (low == 0x100 && fork == Fork.OSAKA);
                Address address = Address.of(low);
                assertThat(table.at(address) != null).as("%s %s", fork, address).isEqualTo(there);
                assertThat(table.isReserved(address)).isEqualTo(there);
                assertThat(table.addresses().contains(address)).isEqualTo(there);
            }
        }
    }

    @Test
    void shouldCompareWholeAddresses() {
        Precompiles table = Precompiles.of(Fork.OSAKA);
        assertThat(table.at(Word.of(0, 1, 0, 1).toAddress())).isNull();
        assertThat(table.at(Word.of(0, 0, 1, 1).toAddress())).isNull();
        assertThat(table.at(Address.of(-1))).isNull();
        assertThat(table.at(Address.of(1L << 32 | 1))).isNull();
    }
}
