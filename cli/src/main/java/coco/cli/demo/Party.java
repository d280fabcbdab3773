package coco.cli.demo;

/** Who takes part in the supply chain, in the order in which they are shown. Each is a member, and runs nodes. */
enum Party {
    NORTHWIND(1, "northwind", "Northwind", Kind.RETAILER),
    TRAY_RESEARCH(2, "tray-research", "Tray Research", Kind.RETAILER),
    CONTOSO(3, "contoso", "Contoso", Kind.SUPPLIER),
    FABRIKAM(4, "fabrikam", "Fabrikam", Kind.SUPPLIER);

    private final int node;
    private final String id;
    private final String title;
    private final Kind kind;

    Party(int node, String id, String title, Kind kind) {
        this.node = node;
        this.id = id;
        this.title = title;
        this.kind = kind;
    }

    /** The number of its node, where every member has one. */
    int node() {
        return node;
    }

    /** In the constitution, in file names and in URLs. */
    String id() {
        return id;
    }

    /** For people. */
    String title() {
        return title;
    }

    Kind kind() {
        return kind;
    }

    /** What a party does. */
    enum Kind {
        /** Buys; what it orders is approved by a second account. */
        RETAILER(0),
        /** Delivers, from an inventory of its own. */
        SUPPLIER(1);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        /** Its number in the contract {@code Directory}. */
        int code() {
            return code;
        }
    }
}
