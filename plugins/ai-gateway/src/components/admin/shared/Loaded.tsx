import type { ReactNode } from 'react';
import type { LoadState } from '../../../hooks';
import { ErrorState, StaleNotice, TableSkeleton } from '../../shared';

type Values<S extends Record<string, LoadState<unknown>>> = {
  [K in keyof S]: S[K] extends LoadState<infer T> ? T : never;
};

/** Shows something once all that it needs is there; until then what is loading, or what failed. */
export function Loaded<S extends Record<string, LoadState<unknown>>>(props: {
  /** What it needs, by name. */
  of: S;
  /** In the plural: "providers". */
  what: string;
  children: (values: Values<S>) => ReactNode;
}) {
  const { of, what, children } = props;
  const states = Object.values(of);
  const retry = () => {
    for (const state of states) if (state.error) state.refresh();
  };
  const failed = states.find(state => state.status === 'error');
  if (failed?.error) {
    return (
      <ErrorState
        error={failed.error}
        title={`${what[0].toUpperCase()}${what.slice(1)} could not be loaded`}
        onRetry={retry}
      />
    );
  }
  if (states.some(state => state.status !== 'ready')) {
    return <TableSkeleton label={`Loading ${what}`} />;
  }
  const values = Object.fromEntries(
    Object.entries(of).map(([name, state]) => [name, state.value]),
  );
  return (
    <>
      <StaleNotice
        error={states.find(state => state.error)?.error}
        onRetry={retry}
      />
      {children(values as Values<S>)}
    </>
  );
}
