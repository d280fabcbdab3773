// Waiting for what a server tells by itself.

/** Collects what a watcher reports. */
export class Inbox {
  #items = [];
  #wake = [];

  get items() {
    return [...this.#items];
  }

  /** Takes one more; bound, so that it can be handed over as a callback. */
  add = (item) => {
    this.#items.push(item);
    this.#wake.splice(0).forEach((wake) => wake());
  };

  /** Resolves with the first item that fits, one that is there already included. */
  async first(fits, limitMillis = 10_000) {
    const deadline = Date.now() + limitMillis;
    for (;;) {
      const found = this.#items.find(fits);
      if (found !== undefined) {
        return found;
      }
      const left = deadline - Date.now();
      if (left <= 0) {
        throw new Error(`nothing that fits within ${limitMillis} ms among ${this.#items.length} items`);
      }
      await this.#news(left);
    }
  }

  #news(limitMillis) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, limitMillis);
      this.#wake.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
