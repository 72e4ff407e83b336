import TextField, { type TextFieldProps } from '@material-ui/core/TextField';
import { useId } from 'react';

/** A text field, or a `select` with `MenuItem`s, that shows what is wrong with it, and otherwise its hint, below it. */
export function FormField(
  props: Omit<TextFieldProps, 'error' | 'helperText' | 'variant'> & {
    label: string;
    /** What to enter, while nothing is wrong. */
    hint?: string;
    /** What is wrong with what was entered. */
    problem?: string;
  },
) {
  const { hint, problem, id, ...rest } = props;
  const ownId = useId();
  return (
    <TextField
      fullWidth
      size="small"
      variant="outlined"
      id={id ?? ownId}
      error={problem !== undefined}
      helperText={problem ?? hint}
      {...rest}
    />
  );
}
