package coco.consensus.ratis;

import coco.consensus.ReadReply;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets all who ask for a read index at about the same time share one question to the majority. Who asks while a
 * question is under way must not have its answer, which may be older than the asking; all of them share the next.
 */
final class SharedReads {
    private final Supplier<CompletableFuture<ReadReply>> question;
    private boolean underWay;
    private @Nullable CompletableFuture<ReadReply> next;

    SharedReads(Supplier<CompletableFuture<ReadReply>> question) {
        this.question = question;
    }

    CompletableFuture<ReadReply> ask() {
        CompletableFuture<ReadReply> answer;
        synchronized (this) {
            if (underWay) {
                CompletableFuture<ReadReply> waiting = next == null ? new CompletableFuture<>() : next;
                next = waiting;
                return waiting.copy();
            }
            underWay = true;
            answer = new CompletableFuture<>();
        }
        put(answer);
        return answer.copy();
    }

    private void put(CompletableFuture<ReadReply> answer) {
        var _ = question.get().whenComplete((reply, failure) -> {
            CompletableFuture<ReadReply> following;
            synchronized (this) {
                following = next;
                next = null;
                underWay = following != null;
            }
            if (following != null) {
                put(following);
            }
            answer.complete(reply != null ? reply : new ReadReply.Unavailable(String.valueOf(failure)));
        });
    }
}
