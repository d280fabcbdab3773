package coco.ledgers.ethereum.access;

/** Gas that checks may still use, together. When there is not enough for a question, the answer is no. One thread. */
public final class CheckBudget {
    private final long total;
    private long left;

    /** So much gas. */
    public CheckBudget(long gas) {
        this.total = gas;
        this.left = gas;
    }

    /** What one read request may use. */
    public static CheckBudget ofRead() {
        return new CheckBudget(CheckLimits.DEFAULT.readGas());
    }

    /** Whether so much is left. */
    boolean has(long gas) {
        return left >= gas;
    }

    /** Takes gas away, down to nothing. */
    void charge(long gas) {
        left = Math.max(0, left - gas);
    }

    /** Gas used so far. */
    public long used() {
        return total - left;
    }
}
