package coco.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import coco.cli.demo.SupplyChainContracts.Product;
import coco.crypto.Hex;
import coco.evm.types.Address;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SupplyChainContractsTest {
    private static final Address CATALOGUE = Address.fromHex("0x" + "c0".repeat(20));

    @Test
    void shouldListProductsWithValidCheckDigits() {
        for (Product product : SupplyChainContracts.PRODUCTS) {
            int sum = 0;
            for (int i = 0; i < 12; i++) {
                sum += (i % 2 == 0 ? 3 : 1) * Character.digit(product.upc().charAt(i), 10);
            }
            assertThat(product.upc()).matches("[0-9]{12}");
            assertThat(sum % 10).as(product.upc()).isZero();
        }
        assertThat(SupplyChainContracts.PRODUCTS.stream().map(Product::upc)).doesNotHaveDuplicates();
    }

    @Test
    void shouldAppendArgumentsToTheCompiledCode() {
        SupplyChainContracts contracts = SupplyChainContracts.load();
        String inventory = Hex.encode(contracts.inventory(CATALOGUE));
        assertThat(inventory).endsWith("0".repeat(24) + "c0".repeat(20)).hasSizeGreaterThan(2_000);
        Map<Party, SupplyChainFolder.Keys> keys = SupplyChainFolder.draw(new SecureRandom());
        String directory = Hex.encode(contracts.directory(CATALOGUE, keys));
        keys.values()
                .forEach(party ->
                        party.all().forEach(account -> assertThat(directory).contains(Hex.encode(account.address()))));
        assertThat(Hex.encode(contracts.catalogue()))
                .contains(Hex.encode("036000291452".getBytes(StandardCharsets.US_ASCII)));
    }
}
