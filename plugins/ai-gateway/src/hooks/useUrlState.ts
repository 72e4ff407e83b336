import { useCallback, useMemo } from 'react';
import { useLocation, useNavigate } from 'react-router-dom';

/** How one value is written in a URL. What is the default is left out of the URL. */
export interface UrlParam<T> {
  /** @param text - what the URL says; `null` when it says nothing */
  parse(text: string | null): T;
  /** @returns `null` to leave it out */
  format(value: T): string | null;
}

/** A text; `''` unless the URL says otherwise. */
export function urlText(): UrlParam<string> {
  return { parse: text => text ?? '', format: value => value || null };
}

/** One of some words; the fallback when the URL says something else. */
export function urlChoice<const T extends string>(
  words: readonly T[],
  fallback: NoInfer<T>,
): UrlParam<T> {
  return {
    parse: text => words.find(word => word === text) ?? fallback,
    format: value => (value === fallback ? null : value),
  };
}

/** One of some words, or `undefined` for no choice. */
export function urlOptional<const T extends string>(
  words: readonly T[],
): UrlParam<T | undefined> {
  return {
    parse: text => words.find(word => word === text),
    format: value => value ?? null,
  };
}

/** Something that is so or not; `false` unless the URL says otherwise. */
export function urlFlag(): UrlParam<boolean> {
  return {
    parse: text => text !== null && text !== 'false',
    format: value => (value ? 'true' : null),
  };
}

/** Which page of a long list, from 1 on. */
export function urlPage(): UrlParam<number> {
  return {
    parse: text => (/^[1-9]\d{0,5}$/.test(text ?? '') ? Number(text) : 1),
    format: value => (value === 1 ? null : String(value)),
  };
}

/**
 * State that a colleague should see when given the link: kept in the query string, beside whatever else is there.
 *
 * @param params - by name in the query string; must be the same object at every render
 * @returns the values, and a function that changes some of them at once; a change replaces the history entry unless `push` is set
 */
export function useUrlState<V extends object>(params: {
  [K in keyof V]: UrlParam<V[K]>;
}): [V, (change: Partial<V>, options?: { push?: boolean }) => void] {
  const { search, hash } = useLocation();
  const navigate = useNavigate();

  const values = useMemo(() => {
    const query = new URLSearchParams(search);
    const read: Partial<V> = {};
    for (const name of namesOf(params)) {
      read[name] = params[name].parse(query.get(name));
    }
    // Every name of `params`, and so every name of `V`, has its value now.
    return read as V;
  }, [params, search]);

  const setValues = useCallback(
    (change: Partial<V>, options: { push?: boolean } = {}) => {
      const query = new URLSearchParams(search);
      const next: V = { ...values, ...change };
      for (const name of namesOf(params)) {
        const text = params[name].format(next[name]);
        if (text === null) query.delete(name);
        else query.set(name, text);
      }
      navigate({ search: query.toString(), hash }, { replace: !options.push });
    },
    [params, values, search, hash, navigate],
  );

  return [values, setValues];
}

/** `Object.keys` with the type that it has when the object is a literal, as these are. */
function namesOf<V extends object>(params: V): (keyof V & string)[] {
  return Object.keys(params) as (keyof V & string)[];
}
