package coco.cli.demo;

import coco.cli.access.AccountOption;
import coco.crypto.Hex;
import coco.crypto.Keccak256;
import coco.evm.types.Address;
import coco.evm.types.Word;
import coco.governance.document.Documents;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The contracts of {@code samples/supply-chain} with their arguments. */
final class SupplyChainContracts {
    /** The system's list; the last digit of a UPC-A is its check digit. */
    static final List<Product> PRODUCTS = List.of(
            new Product("036000291452", "Facial tissues, box of 100", 249),
            new Product("012345678905", "Ground coffee, 500 g", 899),
            new Product("042100005264", "Olive oil, 1 l", 1_249),
            new Product("078000082401", "Sparkling water, 6 × 1.5 l", 449),
            new Product("614141000036", "Basmati rice, 5 kg", 1_595));

    private static final int SELECTOR_BYTES = 4;

    private final JsonNode compiled;

    private SupplyChainContracts(JsonNode compiled) {
        this.compiled = compiled;
    }

    /**
     * One line of the catalogue.
     *
     * @param upc GTIN-12
     * @param cents price of one
     */
    record Product(String upc, String name, long cents) {}

    /** What the compiler made of the sources, from the class path. */
    static SupplyChainContracts load() {
        try (InputStream in = SupplyChainContracts.class.getResourceAsStream("contracts.json")) {
            if (in == null) {
                throw new IllegalStateException("contracts.json is missing on the class path");
            }
            return new SupplyChainContracts(Documents.tree(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new IllegalStateException("contracts.json cannot be read from the class path", e);
        }
    }

    byte[] catalogue() {
        List<Abi> products = new ArrayList<>();
        for (Product product : PRODUCTS) {
            products.add(new Abi.Tuple(
                    List.of(new Abi.Text(product.upc()), new Abi.Text(product.name()), number(product.cents()))));
        }
        return creation("Catalogue", new Abi.Array(products));
    }

    byte[] directory(Address catalogue, Map<Party, SupplyChainFolder.Keys> keys) {
        List<Abi> parties = new ArrayList<>();
        for (Party party : Party.values()) {
            SupplyChainFolder.Keys own = keys.get(party);
            if (own == null) {
                throw new IllegalArgumentException(party + " has no keys");
            }
            AccountOption.Account approver = own.approver();
            parties.add(new Abi.Tuple(List.of(
                    new Abi.Text(party.title()),
                    number(party.kind().code()),
                    address(own.account().address()),
                    approver == null ? number(0) : address(approver.address()))));
        }
        return creation("Directory", new Abi.Static(Word.of(catalogue)), new Abi.Array(parties));
    }

    byte[] inventory(Address catalogue) {
        return creation("Inventory", new Abi.Static(Word.of(catalogue)));
    }

    /** A call of an inventory: so many of a product are there. */
    static byte[] count(Product product, int quantity) {
        byte[] signature = "count(string,uint32)".getBytes(StandardCharsets.US_ASCII);
        byte[] selector = Arrays.copyOf(Keccak256.hash(signature), SELECTOR_BYTES);
        return joined(selector, Abi.arguments(new Abi.Text(product.upc()), number(quantity)));
    }

    private byte[] creation(String contract, Abi... arguments) {
        String code = compiled.required(contract).required("creation").stringValue();
        return joined(Hex.decode(code.substring(2)), Abi.arguments(arguments));
    }

    private static Abi number(long value) {
        return new Abi.Static(Word.of(value));
    }

    private static Abi address(byte[] bytes) {
        return new Abi.Static(Word.of(Address.of(bytes)));
    }

    private static byte[] joined(byte[] first, byte[] second) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(first);
        all.writeBytes(second);
        return all.toByteArray();
    }
}
