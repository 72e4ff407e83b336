import { ControlPlaneError } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import {
  type FormEvent,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from 'react';
import type { z } from 'zod';
import { asError } from './asError';

/** What a text field of a form takes; spread it into `FormField`. */
export interface FieldProps {
  name: string;
  value: string;
  onChange: (event: { target: { value: string } }) => void;
  onBlur: () => void;
  /** What is wrong with it; `undefined` when nothing is, or when it was not touched yet. */
  problem: string | undefined;
}

type TextName<V> = {
  [K in keyof V]: V[K] extends string ? K : never;
}[keyof V] &
  string;

/** A form and what is wrong with it. */
export interface ZodForm<V> {
  values: V;
  /** Changes some values; what the API said of them no longer counts. */
  set: (change: Partial<V>) => void;
  /** Props of a text field. */
  field: (name: TextName<V>) => FieldProps;
  /** What is wrong at a path of the request, such as `label` or `amounts.input`, or below it. */
  problem: (path: string) => string | undefined;
  /** Shows what is wrong with a value from now on, as leaving a text field does. */
  touch: (name: keyof V & string) => void;
  /** Put on `<form>`, with {@link ZodForm.ref}; a second submit while the first runs does nothing. */
  onSubmit: (event?: FormEvent) => Promise<void>;
  ref: RefObject<HTMLFormElement>;
  submitting: boolean;
  /** A failure that no field explains. */
  error: Error | undefined;
}

type Problems = readonly { path: string; message: string }[];

/**
 * A form that validates as the API does: by the contract's own schema while somebody types, and by what the API answers.
 *
 * A problem shows once its field was left or the form was submitted; at a submit with problems the first such field takes the focus.
 *
 * @param options.schema - the request's body
 * @param options.initial - what the fields hold at first, in the form's own shape
 * @param options.toInput - the request's body from what the fields hold; the same shape when left out
 * @param options.submit - sends it; a `ControlPlaneError` it throws is shown beside its fields, what is left of it as `error`
 */
export function useZodForm<S extends z.ZodType, V extends object>(options: {
  schema: S;
  initial: V;
  toInput?: (values: V) => unknown;
  submit: (body: z.output<S>) => Promise<void>;
}): ZodForm<V> {
  const { schema, initial, toInput = same => same, submit } = options;
  const [values, setValues] = useState(initial);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [attempts, setAttempts] = useState(0);
  const [refused, setRefused] = useState<Problems>([]);
  const [error, setError] = useState<Error>();
  const [submitting, setSubmitting] = useState(false);
  const running = useRef(false);
  const ref = useRef<HTMLFormElement>(null);

  const parsed = schema.safeParse(toInput(values));
  const invalid: Problems = parsed.success
    ? []
    : parsed.error.issues.map(issue => ({
        path: issue.path.join('.'),
        message: issue.message,
      }));
  const isShown = (path: string) =>
    attempts > 0 || touched.has(path.split('.')[0]);
  const problem = (path: string) =>
    [...invalid.filter(found => isShown(found.path)), ...refused].find(
      found => found.path === path || found.path.startsWith(`${path}.`),
    )?.message;

  const [failures, setFailures] = useState(0);
  useEffect(() => {
    if (failures > 0) {
      ref.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    }
  }, [failures]);

  const set = (change: Partial<V>) => {
    setValues(was => ({ ...was, ...change }));
    setRefused(was =>
      was.filter(({ path }) => !(path.split('.')[0] in change)),
    );
    setError(undefined);
  };
  const touch = (name: string) =>
    setTouched(was => (was.has(name) ? was : new Set([...was, name])));

  const onSubmit = async (event?: FormEvent) => {
    event?.preventDefault();
    if (running.current) return;
    setAttempts(count => count + 1);
    setError(undefined);
    setRefused([]);
    if (!parsed.success) {
      const unplaced = invalid.find(({ path }) => !isPlaced(path, values));
      if (unplaced) setError(new Error(unplaced.message));
      setFailures(count => count + 1);
      return;
    }
    running.current = true;
    setSubmitting(true);
    try {
      await submit(parsed.data);
    } catch (thrown) {
      const fields = thrown instanceof ControlPlaneError ? thrown.fields : [];
      const placed = fields.filter(({ path }) => isPlaced(path, values));
      setRefused(placed);
      if (placed.length === 0 || placed.length < fields.length) {
        setError(asError(thrown));
      }
      setFailures(count => count + 1);
    } finally {
      running.current = false;
      setSubmitting(false);
    }
  };

  return {
    values,
    set,
    touch,
    problem,
    onSubmit,
    ref,
    submitting,
    error,
    field: name => ({
      name,
      value: String(values[name]),
      onChange: ({ target }) =>
        set({ [name]: target.value } as Partial<V> & object),
      // A field that is passed by on the way to another is not wrong yet.
      onBlur: () => {
        if (values[name]) touch(name);
      },
      problem: problem(name),
    }),
  };
}

/** Whether the form has a field for it; the others are explained above the form. */
function isPlaced(path: string, values: object): boolean {
  return path.split('.')[0] in values;
}
