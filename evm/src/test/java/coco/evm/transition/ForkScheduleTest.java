package coco.evm.transition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.evm.types.Fork;
import coco.evm.types.Word;
import org.junit.jupiter.api.Test;

class ForkScheduleTest {
    private static final ForkSchedule MAINNET = ForkSchedule.mainnet();

    @Test
    void shouldChangeRulesAtEveryForkOfTheMainNetworkAndNoBlockEarlier() {
        assertBegins(Fork.HOMESTEAD, 1_150_000);
        assertBegins(Fork.TANGERINE_WHISTLE, 2_463_000);
        assertBegins(Fork.SPURIOUS_DRAGON, 2_675_000);
        assertBegins(Fork.BYZANTIUM, 4_370_000);
        assertBegins(Fork.PETERSBURG, 7_280_000);
        assertBegins(Fork.ISTANBUL, 9_069_000);
        assertBegins(Fork.BERLIN, 12_244_000);
        assertBegins(Fork.LONDON, 12_965_000);
        assertBegins(Fork.PARIS, 15_537_394);
        assertThat(MAINNET.fork(17_034_869, 1_681_338_454)).isEqualTo(Fork.PARIS);
        assertThat(MAINNET.fork(17_034_870, 1_681_338_455)).isEqualTo(Fork.SHANGHAI);
        assertThat(MAINNET.fork(19_426_587, 1_710_338_135)).isEqualTo(Fork.CANCUN);
        assertThat(MAINNET.fork(22_431_084, 1_746_612_311)).isEqualTo(Fork.PRAGUE);
        assertThat(MAINNET.fork(23_935_694, 1_764_798_551)).isEqualTo(Fork.OSAKA);
    }

    private static void assertBegins(Fork fork, long block) {
        assertThat(MAINNET.fork(block, 0)).isEqualTo(fork);
        assertThat(MAINNET.fork(block - 1, 0)).isLessThan(fork);
    }

    @Test
    void shouldChangeBlobParametersByTime() {
        assertThat(MAINNET.blobs(1_710_338_135)).isEqualTo(BlobParameters.CANCUN);
        assertThat(MAINNET.blobs(1_746_612_310)).isEqualTo(BlobParameters.CANCUN);
        assertThat(MAINNET.blobs(1_746_612_311)).isEqualTo(BlobParameters.PRAGUE);
        assertThat(MAINNET.blobs(1_764_798_551)).isEqualTo(BlobParameters.PRAGUE);
        assertThat(MAINNET.blobs(1_765_290_071)).isEqualTo(BlobParameters.BPO1);
        assertThat(MAINNET.blobs(1_767_747_671)).isEqualTo(BlobParameters.BPO2);
        BlobParameters own = new BlobParameters(1, 2, 1_000_000);
        ForkSchedule schedule = ForkSchedule.builder(5)
                .from(Fork.OSAKA, 0)
                .at("bpo1Time", 100)
                .blobs("BPO1", own)
                .build();
        assertThat(schedule.rules(1, 99).blobs()).isEqualTo(BlobParameters.PRAGUE);
        assertThat(schedule.rules(1, 100)).isEqualTo(new ChainRules(5, Fork.OSAKA, 1 << 24, own));
    }

    @Test
    void shouldDelayTheBombWithEachGlacier() {
        assertThat(MAINNET.bombDelay(4_369_999)).isZero();
        assertThat(MAINNET.bombDelay(4_370_000)).isEqualTo(3_000_000);
        assertThat(MAINNET.bombDelay(7_280_000)).isEqualTo(5_000_000);
        assertThat(MAINNET.bombDelay(9_200_000)).isEqualTo(9_000_000);
        assertThat(MAINNET.bombDelay(12_965_000)).isEqualTo(9_700_000);
        assertThat(MAINNET.bombDelay(13_773_000)).isEqualTo(10_700_000);
        assertThat(MAINNET.bombDelay(15_050_000)).isEqualTo(11_400_000);
    }

    @Test
    void shouldKnowTheDaoForkAndTheNineBlocksAfterIt() {
        assertThat(MAINNET.isDaoFork(1_920_000)).isTrue();
        assertThat(MAINNET.isDaoFork(1_920_001)).isFalse();
        assertThat(MAINNET.wantsDaoExtraData(1_919_999)).isFalse();
        assertThat(MAINNET.wantsDaoExtraData(1_920_009)).isTrue();
        assertThat(MAINNET.wantsDaoExtraData(1_920_010)).isFalse();
        assertThat(ForkSchedule.always(1, Fork.OSAKA).isDaoFork(0)).isFalse();
    }

    @Test
    void shouldBeginAtParisWhenTheChainBeganMerged() {
        ForkSchedule schedule = ForkSchedule.builder(7).merged().build();
        assertThat(schedule.fork(0, 0)).isEqualTo(Fork.PARIS);
        assertThat(ForkSchedule.builder(7).isEmpty()).isTrue();
        assertThatThrownBy(() -> ForkSchedule.builder(7).at("parisBlock", 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldPriceBlobsByTheExcessAndStopAtTheLargestWord() {
        assertThat(BlobParameters.CANCUN.baseFee(0)).isEqualTo(Word.ONE);
        assertThat(BlobParameters.CANCUN.baseFee(2_314_057)).isEqualTo(Word.ONE);
        assertThat(BlobParameters.CANCUN.baseFee(2_314_058)).isEqualTo(Word.of(2));
        assertThat(BlobParameters.CANCUN.baseFee(10 << 20)).isEqualTo(Word.of(23));
        assertThat(BlobParameters.CANCUN.baseFee(-1)).isEqualTo(Word.MAX);
        assertThatThrownBy(() -> new BlobParameters(3, 2, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
