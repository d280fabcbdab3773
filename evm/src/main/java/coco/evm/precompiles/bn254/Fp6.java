package coco.evm.precompiles.bn254;

/** a + b · v + c · v², where v³ = 9 + i. */
record Fp6(Fp2 a, Fp2 b, Fp2 c) {
    static final Fp6 ZERO = new Fp6(Fp2.ZERO, Fp2.ZERO, Fp2.ZERO);
    static final Fp6 ONE = new Fp6(Fp2.ONE, Fp2.ZERO, Fp2.ZERO);

    boolean isZero() {
        return a.isZero() && b.isZero() && c.isZero();
    }

    Fp6 plus(Fp6 y) {
        return new Fp6(a.plus(y.a), b.plus(y.b), c.plus(y.c));
    }

    Fp6 minus(Fp6 y) {
        return new Fp6(a.minus(y.a), b.minus(y.b), c.minus(y.c));
    }

    Fp6 negated() {
        return new Fp6(a.negated(), b.negated(), c.negated());
    }

    /** Toom-Cook in the manner of Karatsuba: six products instead of nine. */
    Fp6 times(Fp6 y) {
        Fp2 aa = a.times(y.a);
        Fp2 bb = b.times(y.b);
        Fp2 cc = c.times(y.c);
        Fp2 bc = b.plus(c).times(y.b.plus(y.c)).minus(bb).minus(cc);
        Fp2 ab = a.plus(b).times(y.a.plus(y.b)).minus(aa).minus(bb);
        Fp2 ac = a.plus(c).times(y.a.plus(y.c)).minus(aa).minus(cc);
        return new Fp6(aa.plus(bc.timesXi()), ab.plus(cc.timesXi()), ac.plus(bb));
    }

    /** The product with p + q · v. */
    Fp6 timesSparse(Fp2 p, Fp2 q) {
        Fp2 ap = a.times(p);
        Fp2 bq = b.times(q);
        Fp2 cross = a.plus(b).times(p.plus(q)).minus(ap).minus(bq);
        return new Fp6(ap.plus(c.times(q).timesXi()), cross, bq.plus(c.times(p)));
    }

    Fp6 times(Fp2 y) {
        return new Fp6(a.times(y), b.times(y), c.times(y));
    }

    Fp6 timesV() {
        return new Fp6(c.timesXi(), a, b);
    }

    Fp6 inverted() {
        Fp2 s = a.squared().minus(b.times(c).timesXi());
        Fp2 t = c.squared().timesXi().minus(a.times(b));
        Fp2 u = b.squared().minus(a.times(c));
        Fp2 norm = a.times(s).plus(c.times(t).plus(b.times(u)).timesXi());
        return new Fp6(s, t, u).times(norm.inverted());
    }
}
