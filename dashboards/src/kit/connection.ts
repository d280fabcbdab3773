import { useEffect, useState } from "preact/hooks";

/** Whether the node answers. One for a page: all its requests go to the same node. */
class Connection {
  private readonly listeners = new Set<(lost: boolean) => void>();
  private lostNow = false;
  private heard = false;

  get lost(): boolean {
    return this.lostNow;
  }

  /** Whether there was ever an answer. */
  get everHeard(): boolean {
    return this.heard;
  }

  /** A request was answered, whatever it said. */
  answered(): void {
    this.heard = true;
    this.set(false);
  }

  /** A request was not answered. */
  unanswered(): void {
    this.set(true);
  }

  /** Tells of every change. Returns how to stop that. */
  listen(listener: (lost: boolean) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private set(lost: boolean): void {
    if (lost !== this.lostNow) {
      this.lostNow = lost;
      this.listeners.forEach((listener) => listener(lost));
    }
  }
}

export const connection = new Connection();

/** Whether the connection is lost now; the component is drawn again when that changes. */
export function useConnectionLost(): boolean {
  const [lost, setLost] = useState(connection.lost);
  useEffect(() => {
    setLost(connection.lost);
    return connection.listen(setLost);
  }, []);
  return lost;
}
