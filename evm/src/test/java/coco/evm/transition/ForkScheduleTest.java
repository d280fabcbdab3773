package coco.evm.transition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({
        "0, fc64ec04",
        "1149999, fc64ec04",
        "1150000, 97c2c34c",
        "1919999, 97c2c34c",
        "1920000, 91d1f948",
        "2463000, 7a64da13",
        "2675000, 3edd5b10",
        "4370000, a00bc324",
        "7280000, 668db0af",
        "9069000, 879d6e30",
        "9200000, e029e991",
        "12244000, 0eb440f6",
        "12965000, b715077d",
        "13773000, 20c327fc",
        "15050000, f0afd0e3"
    })
    void shouldHaveTheForkHashesOfEip2124(long block, String hash) {
        byte[] genesis = HexFormat.of().parseHex("d4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3");
        assertThat(HexFormat.of().toHexDigits(MAINNET.forkHash(genesis, 0, block, 0)))
                .isEqualTo(hash);
    }

    @Test
    void shouldCountForksByTimeInTheForkHashUnlessTheyCameWithGenesis() {
        byte[] genesis = new byte[32];
        ForkSchedule schedule = ForkSchedule.builder(5)
                .merged()
                .at("shanghaiTime", 50)
                .at("cancunTime", 100)
                .at("pragueTime", 100)
                .build();
        assertThat(schedule.forkTimes()).containsExactly(50L, 100L);
        int none = schedule.forkHash(genesis, 50, 9, 99);
        assertThat(schedule.forkHash(genesis, 100, 9, 100)).isEqualTo(none);
        assertThat(schedule.forkHash(genesis, 50, 9, 100)).isNotEqualTo(none);
        assertThat(schedule.forkHash(genesis, 0, 9, 50)).isNotEqualTo(none);
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
