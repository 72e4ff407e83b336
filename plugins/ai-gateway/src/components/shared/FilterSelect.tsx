import MenuItem from '@material-ui/core/MenuItem';
import TextField from '@material-ui/core/TextField';
import { makeStyles } from '@material-ui/core/styles';

const ANY = '';

const useStyles = makeStyles(theme => ({
  root: {
    flex: '1 1 9rem',
    [theme.breakpoints.up('sm')]: { maxWidth: '14rem' },
  },
}));

/** One filter with a few choices, or none. A value that is not among the choices, as an old link may hold, is shown as it is. */
export function FilterSelect<T extends string>(props: {
  label: string;
  /** What no choice reads as: "Any provider". */
  all: string;
  value: T | undefined;
  options: readonly { id: T; label: string }[];
  onChange: (value: T | undefined) => void;
}) {
  const { label, all, value, options, onChange } = props;
  const classes = useStyles();
  const isKnown = options.some(({ id }) => id === value);
  return (
    <TextField
      select
      size="small"
      variant="outlined"
      label={label}
      className={classes.root}
      value={value ?? ANY}
      onChange={({ target }) =>
        onChange(options.find(({ id }) => id === target.value)?.id)
      }
      InputLabelProps={{ shrink: true }}
      SelectProps={{
        displayEmpty: true,
        SelectDisplayProps: { 'aria-label': label },
      }}
    >
      <MenuItem value={ANY}>{all}</MenuItem>
      {value !== undefined && !isKnown && (
        <MenuItem value={value}>{value}</MenuItem>
      )}
      {options.map(option => (
        <MenuItem key={option.id} value={option.id}>
          {option.label}
        </MenuItem>
      ))}
    </TextField>
  );
}
