/** What was used last, as long as all of it together is no larger than `most`. */
export interface Lru<T> {
  get(key: string): T | undefined;
  set(key: string, value: T, size: number): void;
  drop(key: string): void;
}

export function lru<T>(most: number): Lru<T> {
  const held = new Map<string, { value: T; size: number }>(); // what was used last stands last
  let total = 0;
  const drop = (key: string): void => {
    total -= held.get(key)?.size ?? 0;
    held.delete(key);
  };
  return {
    drop,
    get(key) {
      const found = held.get(key);
      if (!found) return undefined;
      held.delete(key);
      held.set(key, found);
      return found.value;
    },
    set(key, value, size) {
      drop(key);
      if (size > most) return;
      held.set(key, { value, size });
      total += size;
      for (const oldest of held.keys()) {
        if (total <= most) break;
        drop(oldest);
      }
    },
  };
}
