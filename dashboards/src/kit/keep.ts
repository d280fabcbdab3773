import { useCallback, useState } from "preact/hooks";

/**
 * State that a reload of the tab does not lose. It stands in the tab's own storage, in clear: never a secret.
 *
 * @param name unique in the program
 */
export function useKept<T>(name: string, initial: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => read(name, initial));
  const keep = useCallback(
    (next: T) => {
      setValue(next);
      try {
        sessionStorage.setItem(`coco.${name}`, JSON.stringify(next));
      } catch {
        // A browser that keeps nothing loses it at a reload.
      }
    },
    [name],
  );
  return [value, keep];
}

function read<T>(name: string, initial: T): T {
  try {
    const kept = sessionStorage.getItem(`coco.${name}`);
    return kept === null ? initial : (JSON.parse(kept) as T);
  } catch {
    return initial;
  }
}
