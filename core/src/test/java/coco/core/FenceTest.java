package coco.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FenceTest {
    private static final byte[] A = {1};
    private static final byte[] B = {2};
    private static final byte[] C = {3};

    private final Fence fence = new Fence();

    @Test
    void shouldAdmitNothingWhenNeverOpened() {
        assertThat(fence.admit(1, 1, 1, A, B)).isNotNull();
    }

    @Test
    void shouldAdmitAChainWhenOpen() {
        fence.open(3, 10, A);
        assertThat(fence.admit(3, 3, 11, A, B)).isNull();
        assertThat(fence.admit(3, 3, 12, B, C)).isNull();
        assertThat(fence.tailHeight()).isEqualTo(12);
    }

    @Test
    void shouldRefuseTheNextBlockWhenOneBeforeItWasRefused() {
        fence.open(3, 10, A);
        assertThat(fence.admit(3, 3, 12, B, C)).contains("does not follow");
        assertThat(fence.tailHeight()).isEqualTo(10);
    }

    @Test
    void shouldRefuseAnotherTermsBlockWhenLeadershipWasRegained() {
        fence.open(5, 10, A);
        assertThat(fence.admit(5, 3, 11, A, B)).contains("term");
        assertThat(fence.admit(6, 5, 11, A, B)).contains("term");
    }

    @Test
    void shouldRefuseAForkWhenHeightFits() {
        fence.open(5, 10, A);
        assertThat(fence.admit(5, 5, 11, C, B)).contains("parent");
    }

    @Test
    void shouldKeepItsTailWhenClosed() {
        fence.open(5, 10, A);
        assertThat(fence.admit(5, 5, 11, A, B)).isNull();
        fence.close();
        assertThat(fence.admit(5, 5, 12, B, C)).isEqualTo("closed");
        assertThat(fence.tailHeight()).isEqualTo(11);
    }
}
