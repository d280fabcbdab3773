package coco.node.config;

/** Who may choose a value. */
public enum Scope {
    /** The operator of the machine: places, ports, sizes. Choosing badly hurts this node only. */
    HOST,
    /** The attested image: changes what the service promises to others, so a host must not choose it on hardware. */
    MEASURED
}
