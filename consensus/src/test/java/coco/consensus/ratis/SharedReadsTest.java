package coco.consensus.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import coco.consensus.ReadReply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class SharedReadsTest {
    private final List<CompletableFuture<ReadReply>> questions = new ArrayList<>();
    private final SharedReads reads = new SharedReads(() -> {
        CompletableFuture<ReadReply> question = new CompletableFuture<>();
        questions.add(question);
        return question;
    });

    @Test
    void shouldAskOnceForAllWhoCameMeanwhile() {
        CompletableFuture<ReadReply> first = reads.ask();
        List<CompletableFuture<ReadReply>> meanwhile = List.of(reads.ask(), reads.ask(), reads.ask());
        assertThat(questions).hasSize(1);
        questions.getFirst().complete(new ReadReply.Current());
        assertThat(first).isCompletedWithValue(new ReadReply.Current());
        assertThat(questions).as("a question put after they asked").hasSize(2);
        assertThat(meanwhile).noneMatch(CompletableFuture::isDone);
        questions.getLast().complete(new ReadReply.Unavailable("no majority"));
        assertThat(meanwhile)
                .allSatisfy(each -> assertThat(each).isCompletedWithValue(new ReadReply.Unavailable("no majority")));
        assertThat(questions).hasSize(2);
    }

    @Test
    void shouldAskAgainWhenNothingIsUnderWay() {
        CompletableFuture<ReadReply> first = reads.ask();
        questions.getFirst().complete(new ReadReply.Current());
        CompletableFuture<ReadReply> second = reads.ask();
        assertThat(questions).hasSize(2);
        questions.getLast().completeExceptionally(new IllegalStateException("closed"));
        assertThat(first).isDone();
        assertThat(second.join()).isInstanceOf(ReadReply.Unavailable.class);
    }
}
