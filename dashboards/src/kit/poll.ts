import { useCallback, useEffect, useRef, useState } from "preact/hooks";

/** What a poll knows now. */
export interface Polled<T> {
  /** The newest answer; stays while later ones fail. */
  data: T | undefined;
  /** Why the newest question had no answer. */
  error: Error | undefined;
  /** Asks again at once. */
  refresh: () => void;
}

/** The longest pause between two attempts while they fail, in milliseconds. */
const PAUSE_MAX_MS = 5_000;

/**
 * Asks again and again while the page is seen; while that fails, with growing pauses. The next question is asked only
 * after the last was answered.
 *
 * @param load asks once
 * @param everyMs pause between an answer and the next question
 * @param key another one begins anew, without the data of the last
 */
export function usePoll<T>(load: (signal: AbortSignal) => Promise<T>, everyMs: number, key: string = ""): Polled<T> {
  const [data, setData] = useState<T>();
  const [error, setError] = useState<Error>();
  const newestLoad = useRef(load);
  newestLoad.current = load;
  const wake = useRef<() => void>(() => {});

  useEffect(() => {
    const ending = new AbortController();
    setData(undefined);
    setError(undefined);
    const run = async (): Promise<void> => {
      for (let failures = 0; !ending.signal.aborted; ) {
        try {
          const answer = await newestLoad.current(ending.signal);
          if (ending.signal.aborted) {
            return;
          }
          failures = 0;
          setData(answer);
          setError(undefined);
        } catch (failure) {
          if (ending.signal.aborted) {
            return;
          }
          failures++;
          setError(failure instanceof Error ? failure : new Error(String(failure)));
        }
        const pause = failures === 0 ? everyMs : Math.min(Math.max(everyMs, 500) * 2 ** Math.min(failures - 1, 4), PAUSE_MAX_MS);
        await sleep(pause, ending.signal, wake);
      }
    };
    void run();
    return () => ending.abort();
  }, [key, everyMs]);

  return { data, error, refresh: useCallback(() => wake.current(), []) };
}

/** Ends after a time if the page is seen then, else as soon as it is; earlier by the waker or the signal. */
function sleep(ms: number, signal: AbortSignal, wake: { current: () => void }): Promise<void> {
  return new Promise((resume) => {
    const end = (): void => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onVisible);
      signal.removeEventListener("abort", end);
      resume();
    };
    const onVisible = (): void => {
      if (!document.hidden) {
        end();
      }
    };
    const timer = setTimeout(() => (document.hidden ? document.addEventListener("visibilitychange", onVisible) : end()), ms);
    signal.addEventListener("abort", end);
    wake.current = end;
  });
}
