import FormControl from '@material-ui/core/FormControl';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import FormLabel from '@material-ui/core/FormLabel';
import Radio from '@material-ui/core/Radio';
import RadioGroup from '@material-ui/core/RadioGroup';
import { makeStyles } from '@material-ui/core/styles';
import type { ReactNode } from 'react';

const useStyles = makeStyles(theme => ({
  legend: { ...theme.typography.body2, marginBottom: theme.spacing(0.5) },
  group: { gap: theme.spacing(0, 2) },
  more: { marginTop: theme.spacing(1) },
}));

/** A choice among a few that are all in sight, and below it what a choice asks for more. */
export function RadioField<T extends string>(props: {
  label: string;
  value: T;
  options: readonly { id: T; label: string }[];
  onChange: (value: T) => void;
  children?: ReactNode;
}) {
  const { label, value, options, onChange, children } = props;
  const classes = useStyles();
  return (
    <FormControl component="fieldset" fullWidth>
      <FormLabel component="legend" className={classes.legend}>
        {label}
      </FormLabel>
      <RadioGroup
        row
        aria-label={label}
        className={classes.group}
        value={value}
        onChange={(_event, id) => {
          const chosen = options.find(option => option.id === id);
          if (chosen) onChange(chosen.id);
        }}
      >
        {options.map(option => (
          <FormControlLabel
            key={option.id}
            value={option.id}
            label={option.label}
            control={<Radio size="small" color="primary" />}
          />
        ))}
      </RadioGroup>
      {children && <div className={classes.more}>{children}</div>}
    </FormControl>
  );
}
